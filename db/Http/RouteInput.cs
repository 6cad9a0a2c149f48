using System.Globalization;
using System.Reflection;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Db.Http;

/// <summary>What one route takes, known from its metadata; what it does not take is refused before it is called.</summary>
internal sealed class RouteInput
{
    private readonly string[] _parameters;
    private readonly HashSet<string> _names;
    private readonly string[] _numbers;
    private readonly bool _hasNoBody;

    private RouteInput(RouteEndpointBuilder route)
    {
        var parameters = route.Metadata.OfType<QueryParameters>().SelectMany(query => query.All).ToList();
        _parameters = [.. parameters.Select(parameter => string.Join(" or ", parameter.Names))];
        _names = new(parameters.SelectMany(parameter => parameter.Names), StringComparer.OrdinalIgnoreCase);
        _numbers =
        [
            .. from parameter in Handler(route).GetParameters()
               let name = parameter.GetCustomAttribute<FromRouteAttribute>()?.Name ?? parameter.Name!
               where parameter.ParameterType == typeof(long) && route.RoutePattern.GetParameter(name) is not null
               select name,
        ];
        _hasNoBody = !IsForReading(route) && !route.Metadata.OfType<IAcceptsMetadata>().Any();
    }

    /// <summary>Puts the checks before a route.</summary>
    /// <exception cref="InvalidOperationException">The route lacks what all have, or reads its input in another way.</exception>
    public static void Guard(EndpointBuilder builder)
    {
        var route = (RouteEndpointBuilder)builder;
        CheckDescription(route);
        if (!route.Metadata.OfType<AnyInput>().Any())
        {
            CheckHandler(route);
            var input = new RouteInput(route);
            var next = route.RequestDelegate!;
            route.RequestDelegate = input._hasNoBody
                ? context => input.CheckWithBodyAsync(context, next)
                : context =>
                {
                    input.Check(context.Request);
                    return next(context);
                };
        }
    }

    private static void CheckDescription(RouteEndpointBuilder route)
    {
        if (!route.Metadata.OfType<IEndpointNameMetadata>().Any()
            || !route.Metadata.OfType<ITagsMetadata>().Any()
            || !route.Metadata.OfType<IEndpointSummaryMetadata>().Any())
        {
            throw new InvalidOperationException($"{route.DisplayName} needs a name, a tag and a summary.");
        }
    }

    // The framework would read these in words and by rules of its own.
    private static void CheckHandler(RouteEndpointBuilder route)
    {
        foreach (var parameter in route.Metadata.OfType<IParameterBindingMetadata>())
        {
            var type = parameter.ParameterInfo.ParameterType;
            if (parameter.HasTryParse && route.RoutePattern.GetParameter(parameter.Name) is null
                || parameter.HasTryParse && type != typeof(string) && type != typeof(long)
                || type == typeof(HttpRequest))
            {
                throw new InvalidOperationException(
                    $"{parameter.Name} of {route.DisplayName} cannot be a parameter: a query is an IQuery, a body an IJsonBody, a number in the address a long.");
            }
        }
    }

    private static MethodInfo Handler(RouteEndpointBuilder route) => route.Metadata.OfType<MethodInfo>().Single();

    private static bool IsForReading(RouteEndpointBuilder route) =>
        route.Metadata.OfType<IHttpMethodMetadata>().SelectMany(methods => methods.HttpMethods).Contains(HttpMethods.Get);

    private async Task CheckWithBodyAsync(HttpContext context, RequestDelegate next)
    {
        Check(context.Request);
        if (RequestBody.IsExpected(context.Request))
        {
            using var body = await RequestBody.ReadAsync(context.Request, BodyLimit.Largest, context.RequestAborted);
            JsonBodies.Read<NoFields>(body.Bytes, BodyLimit.Largest.Bytes, isOptional: true);
        }

        await next(context);
    }

    private void Check(HttpRequest request)
    {
        if (request.QueryString.HasValue)
        {
            foreach (var name in request.Query.Keys)
            {
                if (!_names.Contains(name))
                {
                    var shown = StorableText.Excerpt(name);
                    throw new RefusedException(RefusalKind.Malformed, shown, _parameters.Length == 0
                        ? $"{shown} is no parameter here: this address has none."
                        : $"{shown} is no parameter here; there are {string.Join(", ", _parameters)}.");
                }
            }
        }

        foreach (var name in _numbers)
        {
            if (!long.TryParse(request.RouteValues[name] as string, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be a whole number.");
            }
        }
    }

    private sealed record NoFields;
}
