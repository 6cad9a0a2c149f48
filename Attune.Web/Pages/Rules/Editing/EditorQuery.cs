using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>What a new rule begins with, as an address says it.</summary>
public sealed record EditorQuery : IPageFilter<EditorQuery>
{
    /// <summary>The longest text of conditions that an address carries; a request's first line has its limits.</summary>
    public const int MostCharacters = 2_000;

    public string? Trigger { get; init; }

    /// <summary>The event that stands beside the form; null for the newest.</summary>
    public long? Event { get; init; }

    /// <summary>Conditions as text.</summary>
    public string? Expression { get; init; }

    public string? Action { get; init; }

    /// <summary>The rule that it is made like.</summary>
    public string? Like { get; init; }

    public static EditorQuery Parse(AddressQuery query) => new()
    {
        Trigger = query.Text("trigger"),
        Event = query.Id("event"),
        Expression = query.Text("expression"),
        Action = query.Text("action"),
        Like = query.Text("like"),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("trigger", Trigger)
        .With("event", Format.Id(Event))
        .With("expression", Expression is { Length: <= MostCharacters } ? Expression : null)
        .With("action", Action)
        .With("like", Like);
}
