using Attune.Db;
using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Stands for a row that is not there. That is ordinary: rows expire, and what refers to them stays.</summary>
public sealed partial class Gone
{
    private KeptRows? _kept;

    /// <summary>The table that had the row, or never had it.</summary>
    [Parameter, EditorRequired]
    public required IdTable Table { get; set; }

    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>The address of the list of its kind.</summary>
    [Parameter, EditorRequired]
    public required string Back { get; set; }

    [Inject]
    public required IRetention Retention { get; init; }

    private string Noun => Table.ToString().ToLowerInvariant();

    protected override async Task OnParametersSetAsync() => _kept = await Retention.ReadAsync(Table, Leaving);

    // Its number tells, unless nothing has expired yet that numbers could be held against.
    private string Title(KeptRows kept) => kept switch
    {
        { LowestId: null } => $"{Table} #{Id} is expired or never existed",
        _ when kept.HasExpired(Id) => $"{Table} #{Id} has expired",
        _ => $"There is no {Noun} #{Id}",
    };
}
