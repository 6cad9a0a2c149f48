using System.Collections.Concurrent;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Attune.Web.Shared;
using Microsoft.Extensions.Logging;

namespace Attune.Web.Pages.Views;

internal sealed partial class ViewCounts(
    IEventOutcomes events, IEnforcementRepository enforcements, IExecutionRepository executions, TimeProvider clock, ILogger<ViewCounts> logger)
    : IViewCounts
{
    private const int Most = 99;
    private const int MostKept = 1_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(ViewedPage Page, string Query), Lazy<(long Read, Task<string?> Count)>> _counts = [];

    public Task<string?> CountAsync(ViewedPage page, string query)
    {
        if (_counts.Count > MostKept)
        {
            _counts.Clear();
        }

        var key = (page, query);
        var known = _counts.GetOrAdd(key, New);
        if (clock.GetElapsedTime(known.Value.Read) > Fresh)
        {
            var anew = New(key);
            known = _counts.TryUpdate(key, anew, known) ? anew : _counts.GetOrAdd(key, anew);
        }

        return known.Value.Count;
    }

    private Lazy<(long, Task<string?>)> New((ViewedPage Page, string Query) key) =>
        new(() => (clock.GetTimestamp(), Task.Run(() => ReadAsync(key.Page, AddressQuery.Of($"?{key.Query}")))));

    // Of nobody's circuit: who leaves takes nothing from the others.
    private async Task<string?> ReadAsync(ViewedPage page, AddressQuery query)
    {
        // A search reads rows by the thousand: its view says no count.
        if (query.Text("q") is not null)
        {
            return null;
        }

        using var time = new CancellationTokenSource(Longest, clock);
        try
        {
            var request = new PageRequest { Size = Most + 1 };
            var now = clock.GetUtcNow();
            var rows = page switch
            {
                ViewedPage.Events => (await events.ListAsync(EventsFilter.Parse(query).ToOutcomeFilter(now), request, time.Token)).Items.Count,
                ViewedPage.Enforcements =>
                    (await enforcements.ListAsync(EnforcementsFilter.Parse(query).ToEnforcementFilter(now), request, time.Token)).Items.Count,
                _ => (await executions.ListAsync(ExecutionsFilter.Parse(query).ToExecutionFilter(now), request, time.Token)).Items.Count,
            };
            return rows > Most ? $"{Most}+" : Format.Number(rows);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error)
        {
            Log.Failed(logger, error);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The rows of a saved view could not be counted")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
