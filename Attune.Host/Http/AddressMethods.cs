using Microsoft.AspNetCore.Routing.Template;

namespace Attune.Host.Http;

/// <summary>
/// Says which methods an address of the API takes. The framework cannot: the pages take GET at any address, so it would say that a
/// webhook is not there, and that one which is not there can be read.
/// </summary>
internal sealed class ApiMethods(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<(TemplateMatcher Address, IReadOnlyList<string> Methods)>> _routes = new(() =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == true)
            .Select(route => (
                new TemplateMatcher(TemplateParser.Parse(route.RoutePattern.RawText!), []),
                route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])),
    ]);

    /// <summary>The methods that are taken at an address; none when there is nothing.</summary>
    public IReadOnlyList<string> At(PathString path) =>
    [
        .. _routes.Value.Where(route => route.Address.TryMatch(path, [])).SelectMany(route => route.Methods).Distinct().Order(),
    ];
}
