using Attune.Db;
using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Until when retention keeps a row for certain. Days are dropped whole, so it may be there up to a day longer.</summary>
public sealed partial class KeptUntil
{
    private DateTimeOffset? _until;

    /// <summary>The table that has the row.</summary>
    [Parameter, EditorRequired]
    public required IdTable Table { get; set; }

    /// <summary>When the row was created.</summary>
    [Parameter, EditorRequired]
    public required DateTimeOffset Created { get; set; }

    [Inject]
    public required IRetention Retention { get; init; }

    protected override async Task OnParametersSetAsync() => _until = Created + (await Retention.ReadAsync(Table, Leaving)).Keep;
}
