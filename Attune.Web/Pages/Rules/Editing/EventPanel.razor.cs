using System.Globalization;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>A stored event beside the form: its values, those that a condition looks at marked, each a condition for a click.</summary>
public sealed partial class EventPanel
{
    private const int MostLeaves = 500;
    private const int Near = 200;

    // How far ahead the next event is looked for, the nearest stretch first.
    private static readonly TimeSpan[] Ahead =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10), TimeSpan.FromHours(10), TimeSpan.FromDays(10), TimeSpan.FromDays(400)];

    private Event? _read;
    private IReadOnlyList<PayloadLeaf> _leaves = [];
    private string _find = "";
    private string? _id;
    private string? _said;

    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    /// <summary>The event that stands here; null for none.</summary>
    [Parameter, EditorRequired]
    public required Event? Shown { get; set; }

    [Parameter, EditorRequired]
    public required Func<Event, Task> Chosen { get; set; }

    [Inject]
    public required IEventRepository Events { get; init; }

    private IEnumerable<PayloadLeaf> Leaves => _find.Length == 0 ? _leaves : _leaves.Where(leaf =>
        leaf.Path.Contains(_find, StringComparison.OrdinalIgnoreCase)
        || leaf.Value.GetRawText().Contains(_find, StringComparison.OrdinalIgnoreCase));

    protected override void OnParametersSet()
    {
        if (_read != Shown)
        {
            _read = Shown;
            _leaves = Shown?.Payload is { } payload ? ConditionLanguage.Leaves(payload, MostLeaves) : [];
            _said = null;
        }
    }

    /// <summary>The newest event of a trigger; null when it has none.</summary>
    internal static async Task<Event?> NewestAsync(IEventRepository events, string trigger, CancellationToken cancellationToken)
    {
        var page = await events.ListAsync(new() { TriggerRef = trigger }, new() { Size = 1 }, cancellationToken);
        return page.Items is [var newest, ..] ? await events.FindAsync(newest.Id, cancellationToken) : null;
    }

    // What is marked is where a condition looks, or through: labels for labels[0].
    private Verdict? MarkOf(PayloadLeaf leaf)
    {
        Verdict? mark = null;
        foreach (var row in Editor.Form.Conditions.Rows)
        {
            if (Editor.Tested(row) is { Path: { } path } tested && Covers(path, leaf.FullPath))
            {
                mark = mark is { } other && other < tested.Verdict ? other : tested.Verdict;
            }
        }

        return mark;
    }

    private static bool Covers(string path, string leaf)
    {
        var parts = path.Split("[*]");
        if (parts.Length == 1)
        {
            return leaf == path || leaf.StartsWith(path + "[", StringComparison.Ordinal);
        }

        // Each [*] stands for one place.
        var at = 0;
        for (var index = 0; index < parts.Length; index++)
        {
            if (string.CompareOrdinal(leaf, at, parts[index], 0, parts[index].Length) != 0)
            {
                return false;
            }

            at += parts[index].Length;
            if (index < parts.Length - 1)
            {
                var end = at < leaf.Length && leaf[at] == '[' ? leaf.IndexOf(']', at) : -1;
                if (end < 0)
                {
                    return false;
                }

                at = end + 1;
            }
        }

        return at == leaf.Length;
    }

    private void Use(PayloadLeaf leaf)
    {
        var kind = leaf.Value.ValueKind switch
        {
            System.Text.Json.JsonValueKind.String => OperandKind.Text,
            System.Text.Json.JsonValueKind.Number => OperandKind.Number,
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => OperandKind.Truth,
            System.Text.Json.JsonValueKind.Null => OperandKind.Null,
            _ => OperandKind.Json,
        };
        var text = kind switch
        {
            OperandKind.Text => leaf.Value.GetString()!,
            OperandKind.Null => "",
            _ => OperandText.Of(leaf.Value),
        };
        var blank = Editor.Form.Conditions.Rows.FirstOrDefault(row => row.IsBlank);
        var row = blank ?? Editor.Form.Conditions.Add(new FormRow());
        (row.Field, row.Operator, row.Kind, row.Value) = (leaf.Path, "equals", kind, text);
        Editor.Focus = row.Key;
        Editor.TouchConditions();
    }

    private async Task NewestAsync()
    {
        if (await NewestAsync(Events, Editor.Form.Trigger, Leaving) is { } newest)
        {
            await Chosen(newest);
        }
        else
        {
            _said = "No event of this trigger is stored.";
        }
    }

    private async Task StepAsync(bool older)
    {
        var at = Shown!;
        var filter = new EventFilter { TriggerRef = Editor.Form.Trigger };
        if (older)
        {
            var page = await Events.ListAsync(filter, new() { Size = 1, After = new Cursor(at.Created, at.Id) }, Leaving);
            await ShowAsync(page.Items is [var next, ..] ? next.Id : null, "It is the oldest that is stored.");
            return;
        }

        foreach (var ahead in Ahead)
        {
            var page = await Events.ListAsync(
                filter with { Since = at.Created, Until = at.Created + ahead }, new() { Size = Near }, Leaving);
            if (page.Items.LastOrDefault(one => (one.Created, one.Id).CompareTo((at.Created, at.Id)) > 0) is { } next)
            {
                await ShowAsync(next.Id, "");
                return;
            }
        }

        _said = "It is the newest.";
    }

    private async Task GoAsync(string? typed)
    {
        _id = typed;
        if (AddressQuery.ParseId(_id) is { } id)
        {
            await ShowAsync(id, string.Create(CultureInfo.InvariantCulture, $"Event #{id} is expired or never existed."));
            _id = null;
        }
        else if (!string.IsNullOrWhiteSpace(_id))
        {
            _said = "An id is a number, such as #4711.";
        }
    }

    private async Task ShowAsync(long? id, string otherwise)
    {
        if (id is { } known && await Events.FindAsync(known, Leaving) is { } found)
        {
            await Chosen(found);
        }
        else
        {
            _said = otherwise;
        }
    }
}
