using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Approved;

/// <summary>The addresses of the running host: which method, who answers, and what may be given.</summary>
[TestFixture]
public sealed class RoutesTests
{
    private RunningHost? _host;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await RunningHost.StartAsync(DatabaseEngine.Native);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    [Test]
    public void The_routes_are_the_approved_ones()
    {
        var endpoints = _host!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

        Listing.Check("routes.txt", endpoints
            .Select(endpoint => (Address: $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}", Lines: Lines(endpoint)))
            .Where(route => route.Lines.Count > 0)
            .OrderBy(route => route.Address, StringComparer.Ordinal).ThenBy(route => route.Lines[0], StringComparer.Ordinal)
            .SelectMany(route => route.Lines));
    }

    // Static files and what Blazor maps for itself have no handler of Attune's.
    private List<string> Lines(RouteEndpoint endpoint)
    {
        var address = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";
        if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page)
        {
            return [$"PAGE {address} {page.Type.Name}"];
        }

        if (endpoint.Metadata.GetMetadata<MethodInfo>() is not { DeclaringType: { } type } handler
            || type.Assembly.GetName().Name?.StartsWith("Attune.", StringComparison.Ordinal) != true)
        {
            return [];
        }

        var methods = string.Join(
            ' ', (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Order(StringComparer.Ordinal));
        var named = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        return
        [
            $"{methods} {address} {Name(type)}.{Name(handler)}{(named is null ? "" : $" \"{named}\"")}",
            .. handler.GetParameters().SelectMany(Parameter),
        ];
    }

    private IEnumerable<string> Parameter(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(AsParametersAttribute))
            ? Members(parameter.ParameterType).SelectMany(property => Given(property, property.PropertyType))
            : Given(parameter, parameter.ParameterType);

    // Services and what stands for the request itself are nothing that a caller gives.
    private IEnumerable<string> Given(ICustomAttributeProvider value, Type type)
    {
        if (type == typeof(CancellationToken) || type == typeof(HttpContext) || type == typeof(HttpRequest)
            || type == typeof(HttpResponse) || _host!.Services.GetRequiredService<IServiceProviderIsService>().IsService(type))
        {
            return [];
        }

        var own = value is ParameterInfo parameter ? parameter.Name! : Name((PropertyInfo)value);
        var given = value.GetCustomAttributes(inherit: true).Select(attribute => attribute switch
        {
            IFromRouteMetadata route => route.Name,
            IFromQueryMetadata query => query.Name,
            IFromHeaderMetadata header => header.Name,
            _ => null,
        }).FirstOrDefault(name => name is not null);
        string[] members = IsBody(type)
            ? [.. Members(type).Select(property => $"        {Name(property)}: {Name(property.PropertyType)}")]
            : [];
        return members.Prepend($"    {given ?? own}: {Name(type)}");
    }

    private static IEnumerable<PropertyInfo> Members(Type type) => type.GetProperties().Where(property => property.CanWrite);

    private static bool IsBody(Type type) => type is { IsClass: true }
        && type.Namespace?.StartsWith("Attune.", StringComparison.Ordinal) == true
        && type.GetMethod("BindAsync", BindingFlags.Static | BindingFlags.Public) is null;

    private static string Name(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static string Name(MethodInfo method) => method.Name.Contains('<', StringComparison.Ordinal) ? "(lambda)" : method.Name;

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? $"{Name(value)}?"
            : type.IsArray ? $"{Name(type.GetElementType()!)}[]"
            : type.IsGenericType
                ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name.Contains('<', StringComparison.Ordinal) ? Name(type.DeclaringType!)
            : type.Name;
}
