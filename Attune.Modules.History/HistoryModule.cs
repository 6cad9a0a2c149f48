using Attune.Db.Http;
using Attune.Modules.History.History;
using Attune.Modules.History.Storage;
using Attune.Modules.History.Volumes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Modules.History;

/// <summary>The way into the module: everything it offers is registered here, and nothing else is public but its contract.</summary>
public static class HistoryModule
{
    /// <summary>Registers the repositories.</summary>
    public static IServiceCollection AddHistoryModule(this IServiceCollection services) => services
        .AddSingleton<IHistoryRepository, HistoryRepository>()
        .AddSingleton<IVolumeRepository, VolumeRepository>()
        .AddSingleton<IStorageReports, StorageReports>()
        .AddSingleton<IRetention, Retention>();

    /// <summary>Maps the history and the storage below <c>/api/v1</c>.</summary>
    public static void MapHistoryApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi();
        HistoryApi.Map(api);
        StorageApi.Map(api);
    }
}
