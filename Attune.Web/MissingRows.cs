using System.Data.Common;
using System.Globalization;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Web;

/// <summary>
/// Gives the page of something that is not there the status 404. What the page says is drawn later, over the connection; programs, link
/// checkers and caches see the status alone.
/// </summary>
internal static class MissingRows
{
    // By the list that the row stands in: its page is missing with it, and so is every page below that.
    private static readonly Dictionary<string, Func<IServiceProvider, string, CancellationToken, Task<bool>>> Known = new()
    {
        [Urls.Events] = async (services, id, token) =>
            await services.GetRequiredService<IEventRepository>().ExistsAsync(Number(id), token)
            || await services.GetRequiredService<IPinnedEvents>().FindAsync(Number(id), token) is not null,
        [Urls.Enforcements] = (services, id, token) =>
            services.GetRequiredService<IEnforcementRepository>().ExistsAsync(Number(id), token),
        [Urls.Executions] = (services, id, token) =>
            services.GetRequiredService<IExecutionRepository>().ExistsAsync(Number(id), token),
        [Urls.Jobs] = async (services, id, token) =>
            await services.GetRequiredService<IJobs>().FindAsync(Number(id), token) is not null,
        [Urls.Rules] = async (services, reference, token) =>
            services.GetRequiredService<IRuleRepository>() is var rules
            && (await rules.FindAsync(reference, token) is not null || await rules.FindVersionAsync(reference, 1, token) is not null),
        [Urls.Triggers] = async (services, reference, token) =>
            await services.GetRequiredService<ITriggerRepository>().FindAsync(reference, token) is not null,
        [Urls.Actions] = async (services, reference, token) =>
            await services.GetRequiredService<IActionRepository>().FindAsync(reference, token) is not null,
        [Urls.Packs] = async (services, reference, token) =>
            await services.GetRequiredService<IPackRepository>().FindAsync(reference, token) is not null,
        [Urls.Workers] = async (services, id, token) =>
            await services.GetRequiredService<IWorkerRepository>().FindAsync(Number(id), token) is not null,
    };

    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern }
            && Known.TryGetValue(ListOf(pattern), out var exists)
            && (context.GetRouteValue("Id") ?? context.GetRouteValue("Reference")) is { } key
            && !await ExistsAsync(context, exists, key.ToString()!))
        {
            // Not before it is drawn: what is not found then is not drawn at all.
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }

        await next(context);
    }

    private static string ListOf(string pattern) => pattern.TrimStart('/').Split("/{")[0];

    // Where the database cannot be asked, the page itself says so.
    private static async Task<bool> ExistsAsync(
        HttpContext context, Func<IServiceProvider, string, CancellationToken, Task<bool>> exists, string key)
    {
        try
        {
            return await exists(context.RequestServices, key, context.RequestAborted);
        }
        catch (DbException)
        {
            return true;
        }
    }

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
