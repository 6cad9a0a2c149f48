using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.History.Storage;

internal static class StorageApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/storage", ReadAsync)
        .WithName("GetStorage").WithTags("Storage").WithSummary("What the ledger takes on disk, within the last minute");

    private static async Task<Envelope<StorageReport>> ReadAsync(IStorageReports reports, CancellationToken cancellationToken) =>
        new(await reports.ReadAsync(cancellationToken));
}
