using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Json;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>Events of the same trigger that say the same at the places which the reader chooses, newest first.</summary>
public sealed partial class SimilarEvents
{
    private const int MostFields = 12;
    private const int MostDepth = 3;
    private const int LongestText = 80;
    private const int MostFound = 10;

    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private IReadOnlyList<(string Path, JsonElement Value)> _fields = [];
    private List<EventSummary> _found = [];
    private SearchProgress? _progress;
    private SearchEnd? _end;
    private string? _refusal;
    private long? _shown;
    private bool _busy;

    /// <summary>The event that they are like.</summary>
    [Parameter, EditorRequired]
    public required Event Shown { get; set; }

    [Inject]
    public required IEventSearch Search { get; init; }

    // As conditions write it; what the reader sees is what is searched for.
    private string Query => string.Join(
        " and ", _fields.Where(one => _chosen.Contains(one.Path)).Select(one => $"{one.Path} == {JsonTexts.OfCompact(one.Value)}"));

    protected override void OnParametersSet()
    {
        if (_shown != Shown.Id)
        {
            _shown = Shown.Id;
            _fields = Shown.Payload is { } payload ? [.. Leaves("", payload, 0).Take(MostFields)] : [];
            _chosen.Clear();
            Forget();
        }
    }

    // Names that would have to be quoted are left out; so is what is too long to be the same by purpose.
    private static IEnumerable<(string Path, JsonElement Value)> Leaves(string path, JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.Object when depth < MostDepth => value.EnumerateObject()
            .Where(member => member.Name.Length > 0 && member.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            .OrderBy(member => member.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(member => Leaves(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value, depth + 1)),
        JsonValueKind.String when value.GetString()!.Length <= LongestText => [(path, value)],
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when path.Length > 0 => [(path, value)],
        _ => [],
    };

    private string Progress(SearchProgress progress) =>
        $"{Format.Count(_found.Count, "event")}{(_end?.Reason == SearchEndReason.Enough ? " or more" : "")} among {Format.Number(progress.Rows)}"
        + (_end is null ? " so far." : _end.Reason == SearchEndReason.Bound ? "; then it had looked long enough." : ".");

    private void Choose(string path)
    {
        if (!_chosen.Remove(path))
        {
            _chosen.Add(path);
        }

        Forget();
    }

    private void Forget() => (_found, _progress, _end, _refusal) = ([], null, null, null);

    private async Task SearchAsync()
    {
        Forget();
        _busy = true;
        var query = Query;
        try
        {
            // This event is one of them.
            await foreach (var step in Search.RunAsync(
                new() { Query = query, Filter = new() { TriggerRef = Shown.TriggerRef }, First = MostFound + 1 }, Leaving))
            {
                if (query != Query)
                {
                    break;
                }

                _found.AddRange(step.Hits.Where(hit => hit.Id != Shown.Id).Take(MostFound - _found.Count));
                (_progress, _end) = (step.Progress, step.End);
                StateHasChanged();
            }
        }
        catch (RefusedException refused)
        {
            _refusal = refused.Message;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
        finally
        {
            _busy = false;
        }
    }
}
