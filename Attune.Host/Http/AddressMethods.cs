using Attune.Db.Http;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Attune.Host.Http;

/// <summary>
/// Says which methods an address takes, pages and what takes any address left out. The framework cannot: the pages take GET at any address,
/// so it would say that
/// a webhook is not there, and that one which is not there can be read.
/// </summary>
internal sealed class AddressMethods(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<(TemplateMatcher Address, IReadOnlyList<string> Methods)>> _routes = new(() =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern is { RawText: not null, PathSegments: [{ Parts: [not RoutePatternParameterPart] }, ..] })
            .Where(route => route.Metadata.GetMetadata<ComponentTypeMetadata>() is null
                && route.Metadata.GetMetadata<ExternalSenders>() is not { OnlyHandshakes: true })
            .Select(route => (
                new TemplateMatcher(TemplateParser.Parse(route.RoutePattern.RawText!), []),
                WithHead(route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []))),
    ]);

    /// <summary>The methods that are taken at an address; none when there is nothing.</summary>
    public IReadOnlyList<string> At(PathString path) =>
    [
        .. _routes.Value.Where(route => route.Address.TryMatch(path, [])).SelectMany(route => route.Methods).Distinct().Order(),
    ];

    private static IReadOnlyList<string> WithHead(IReadOnlyList<string> methods) =>
        methods.Contains(HttpMethods.Get) ? [.. methods, HttpMethods.Head] : methods;
}
