using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>Two events beside each other: what only one of them says, and what they say otherwise.</summary>
public sealed partial class ComparePage
{
    private const int MostChanges = 300;

    private CompareQuery? _asked;
    private string? _leftText;
    private string? _rightText;
    private string? _leftProblem;
    private string? _rightProblem;
    private Event? _left;
    private Event? _right;
    private IReadOnlyList<FieldChange> _payload = [];
    private IReadOnlyList<FieldChange> _config = [];

    [Inject]
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    private string LastOf => Filter is { Left: null, Rule: { } rule } ? $", the last one that {rule} matched" : "";

    protected override async Task OnParametersSetAsync()
    {
        if (_asked == Filter)
        {
            return;
        }

        var asked = _asked = Filter;
        var query = AddressQuery.Of(Navigation.Uri);
        (_leftText, _rightText) = (query.Text("left"), query.Text("right"));
        try
        {
            var (left, leftProblem) = asked is { Left: null, Rule: { } rule }
                ? await LastOfAsync(rule, asked.Right)
                : await FindAsync("left", _leftText, asked.Left);
            var (right, rightProblem) = await FindAsync("right", _rightText, asked.Right);
            if (_asked != asked)
            {
                return;
            }

            (_left, _leftProblem, _right, _rightProblem) = (left, leftProblem, right, rightProblem);
            _leftText ??= Format.Id(left?.Id);

            // Large payloads differ in many places, and nobody reads them all: looking ends.
            _payload = FieldChange.Between("payload", left?.Payload, right?.Payload, MostChanges + 1);
            _config = FieldChange.Between("config", left?.Config, right?.Config, MostChanges + 1);
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private static string Count(IReadOnlyList<FieldChange> changes) =>
        changes.Count > MostChanges ? $"{Format.Number(MostChanges)}+" : Format.Number(changes.Count);

    private static IReadOnlyList<FieldChange> Shown(IReadOnlyList<FieldChange> changes) => [.. changes.Take(MostChanges)];

    private static string Sum(IReadOnlyList<FieldChange> changes)
    {
        var (changed, right, left) = (Of(ChangeKind.Changed), Of(ChangeKind.Added), Of(ChangeKind.Removed));
        var more = changes.Count > MostChanges ? $" The first {Format.Number(MostChanges)} places are shown." : "";
        return $"{changed} changed, {left} only left, {right} only right.{more}";

        string Of(ChangeKind kind) => Format.Number(changes.Take(MostChanges).Count(change => change.Kind == kind));
    }

    private async Task<(Event? Found, string? Problem)> FindAsync(string name, string? said, long? id) => (said, id) switch
    {
        (null, _) => (null, null),
        (_, null) => (null, $"Not understood: {name}={Visible.Beginning(said, 100)}. The id of an event was expected."),
        (_, { } number) => await Events.FindAsync(number, Leaving) is { } found
            ? (found, null)
            : (null, $"Event #{number} is expired or never existed."),
    };

    private async Task<(Event? Found, string? Problem)> LastOfAsync(string rule, long? other)
    {
        var page = await Enforcements.ListAsync(new() { RuleRef = rule }, new() { Size = 2 }, Leaving);
        return page.Items.FirstOrDefault(one => one.Event is { } id && id != other)?.Event is { } last
            && await Events.FindAsync(last, Leaving) is { } found
                ? (found, null)
                : (null, $"{Visible.Beginning(rule, 100)} has matched no other event that is still there.");
    }

    private void Go() => Navigation.NavigateTo(AddressQuery.Empty
        .With("left", _leftText?.Trim()).With("right", _rightText?.Trim()).At($"{Urls.Events}/compare"));
}
