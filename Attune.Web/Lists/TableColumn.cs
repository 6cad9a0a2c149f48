namespace Attune.Web.Lists;

/// <summary>A column that can be switched off.</summary>
/// <param name="Key">The table and the column, as <c>data-column</c> has it; the browser keeps the choice by it.</param>
/// <param name="Name">Its heading.</param>
public sealed record TableColumn(string Key, string Name);
