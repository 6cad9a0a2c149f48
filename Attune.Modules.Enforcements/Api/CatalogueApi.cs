using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Enforcements.Rules;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.Enforcements.Api;

/// <summary>What can be run, and by whom: actions and workers.</summary>
internal static class CatalogueApi
{
    public static async Task<Listing<Action>> ListActionsAsync(PageQuery page, IActionRepository actions, CancellationToken cancellationToken) =>
        page.Listing(Part(await actions.ListAsync(cancellationToken), page.Request));

    public static async Task<Envelope<Action>> FindActionAsync(
        [FromRoute(Name = "ref")] string reference, IActionRepository actions, CancellationToken cancellationToken) =>
        new(await actions.FindAsync(reference, cancellationToken)
            ?? throw RefusedException.NotFound($"Action '{RuleChecks.Shown(reference)}' not found"));

    public static async Task<Listing<Worker>> ListWorkersAsync(PageQuery page, IWorkerRepository workers, CancellationToken cancellationToken) =>
        page.Listing(Part(await workers.ListAsync(cancellationToken), page.Request));

    public static async Task<Envelope<Worker>> FindWorkerAsync(long id, IWorkerRepository workers, CancellationToken cancellationToken) =>
        new(await workers.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Worker with ID {id} not found"));

    // Few enough to be read whole; a cursor carries the place in the list.
    private static Page<T> Part<T>(IReadOnlyList<T> all, PageRequest page)
    {
        var offset = page.After?.Id ?? page.Offset;
        return Page.From(
            [.. all.Skip((int)Math.Min(offset, int.MaxValue)).Take(page.Size + 1)],
            page.Size,
            _ => new Cursor(DateTimeOffset.UnixEpoch, offset + page.Size),
            page.IncludeTotal ? Total.Of(all.Count) : null);
    }
}
