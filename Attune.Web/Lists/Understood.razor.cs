using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>What an address asks for, or, where it was not understood, what is wrong with it: never rows that it did not ask for.</summary>
public sealed partial class Understood
{
    private const int MostCharacters = 120;

    /// <summary>The address, after the page's filter has been read from it.</summary>
    [Parameter, EditorRequired]
    public required AddressQuery Query { get; set; }

    /// <summary>The page's address without its query.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    /// <summary>What that address shows.</summary>
    [Parameter]
    public string Without { get; set; } = "Show the list without any filter";

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    private static string Said(AddressMistake mistake) =>
        $"{Visible.Beginning(mistake.Name, MostCharacters)}={Visible.Beginning(mistake.Value, MostCharacters)}";
}
