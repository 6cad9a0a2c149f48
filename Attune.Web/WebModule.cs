using Attune.Web.Lists;
using Attune.Web.Pages.Home;
using Attune.Web.Pages.Triggers;
using Attune.Web.Pages.Views;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Attune.Web;

/// <summary>The way into the user interface.</summary>
public static class WebModule
{
    // A draft of conditions comes as one message; by default it ends the connection beyond 32 kB.
    private const int MostBytesFromBrowser = 256 * 1024;

    // A page that has heard nothing for three times as long takes itself for cut off (connection.js).
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4);

    /// <summary>Registers the components and what they need.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(options =>
            {
                options.MaximumReceiveMessageSize = MostBytesFromBrowser;
                options.KeepAliveInterval = Heartbeat;
            });

        // Of the pages only the frame is sent as HTML; it says nothing that anybody could guess at by its length. Files are compressed
        // when they are built.
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html"];
        });
        return services.AddPageServices();
    }

    /// <summary>What stands before the pages; routing has to be in the pipeline before.</summary>
    public static void UseWeb(this IApplicationBuilder app)
    {
        app.UseResponseCompression();
        app.Use(MissingRows.AnswerAsync);
    }

    /// <summary>Maps the pages and their static files. Antiforgery has to be in the pipeline before.</summary>
    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    /// <summary>What the components inject, whoever draws them.</summary>
    internal static IServiceCollection AddPageServices(this IServiceCollection services)
    {
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.VisibleStateDuration = 6000;
            options.SnackbarConfiguration.PreventDuplicates = false;
        });
        services.AddScoped<Browser>();
        services.AddScoped<BrowserCharts>();
        services.AddSingleton<SharedReads>();
        services.AddScoped<BrowserRows>();
        services.AddSingleton<RuleMarks>();
        services.AddSingleton<HomeReader>();
        services.AddScoped<SavedViewList>();
        services.AddSingleton<IViewCounts, ViewCounts>();
        services.AddScoped<KnownRefs>();
        services.AddScoped<Lineages>();
        services.AddScoped<FreshSecrets>();
        services.AddScoped<FirstSamples>();
        return services;
    }
}
