using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Attune.Db.Http;

/// <summary>The routes of the API, which all read what comes in by one grammar.</summary>
public static class ApiRoutes
{
    /// <summary>
    /// Where a room maps its routes. Each has a name, a tag and a summary, takes its query as an <see cref="IQuery{TSelf}"/> and its body
    /// as
    /// an <see cref="IJsonBody{TSelf}"/>. A parameter or a field that the route does not have is refused by name, and so is an id that is
    /// no
    /// number, before the route is called.
    /// </summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1");
        ((IEndpointConventionBuilder)api).Finally(RouteInput.Guard);
        return api;
    }

    /// <summary>The route is for senders that know nothing of Attune: it takes any query and any body, and looks at them itself.</summary>
    public static RouteHandlerBuilder TakesAnyInput(this RouteHandlerBuilder route) => route.WithMetadata(new AnyInput());
}

/// <summary>Marks a route that takes any query and any body.</summary>
public sealed class AnyInput;
