using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db.Http;
using Attune.Modules.Enforcements.Workers;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Http;

/// <summary>The grammar of what comes in, asked of every route that the running host has.</summary>
[TestFixture]
public sealed partial class EveryRouteTests() : HostTest(DatabaseEngine.Native)
{
    private const string Json = "application/json";

    private IReadOnlyList<Route> Routes =>
    [
        .. from endpoint in Running.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
           where method != "HEAD"
           select new Route(new HttpMethod(method), endpoint),
    ];

    private IEnumerable<Route> WithGrammar => Routes.Where(route => route.Endpoint.Metadata.GetMetadata<AnyInput>() is null);

    private IEnumerable<Route> WithBody => WithGrammar.Where(route => route.Body is not null);

    [Test]
    public void Every_route_has_a_name_of_its_own_a_tag_and_a_summary()
    {
        Assert.That(Routes, Has.Count.GreaterThan(40));
        Assert.That(
            Routes.Select(route => route.Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName), Is.Unique.And.None.Null);
        Assert.That(Routes.Where(route => route.Endpoint.Metadata.GetMetadata<ITagsMetadata>() is null), Is.Empty);
        Assert.That(Routes.Where(route => route.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null), Is.Empty);
    }

    [Test]
    public void Webhooks_alone_take_any_query_and_any_body() =>
        Assert.That(
            Routes.Except(WithGrammar).Select(route => route.ToString()),
            Is.EquivalentTo(((string[])["GET", "OPTIONS", "POST"]).Select(method => $"{method} /api/v1/webhooks/{{key}}")));

    [Test]
    public async Task An_unknown_parameter_is_refused_by_name_with_those_that_there_are()
    {
        using var all = Assert.EnterMultipleScope();
        foreach (var route in WithGrammar)
        {
            var error = await RefusedAsync(
                route, route.Address() + "?no_such_parameter=1", null, HttpStatusCode.BadRequest, "no_such_parameter");

            Assert.That(error, Does.StartWith("no_such_parameter is no parameter here"), $"{route}");
            Assert.That(route.Parameters.Where(name => !error.Contains(name, StringComparison.Ordinal)), Is.Empty, $"{route}: {error}");
        }
    }

    [Test]
    public async Task An_unknown_field_is_refused_by_name_with_those_that_there_are()
    {
        using var all = Assert.EnterMultipleScope();
        foreach (var route in WithGrammar.Where(route => route.Method != HttpMethod.Get))
        {
            var error = await RefusedAsync(
                route, route.Address(), """{"no_such_field": 1}"""u8.ToArray(), HttpStatusCode.UnprocessableEntity, "no_such_field");

            Assert.That(error, Does.StartWith("no_such_field is no field here"), $"{route}");
            var fields = route.Body is { } body ? JsonBodies.Fields(body.RequestType!) : [];
            Assert.That(fields.Where(name => !error.Contains(name, StringComparison.Ordinal)), Is.Empty, $"{route}: {error}");
        }
    }

    [TestCase("[]", "The body must be a JSON object, not an array.")]
    [TestCase("\"text\"", "The body must be a JSON object, not text.")]
    [TestCase(" {\"a\":\n {x", "The body is not JSON: 'x' cannot stand at line 2, column 3.")]
    [TestCase("{\"é\": ", "The body is not JSON: it ends too soon, at line 1, column 7.")]
    public async Task A_body_that_is_no_object_is_refused_by_every_route_in_the_same_words(string body, string words)
    {
        using var all = Assert.EnterMultipleScope();
        foreach (var route in WithBody)
        {
            var error = await RefusedAsync(route, route.Address(), Encoding.UTF8.GetBytes(body), HttpStatusCode.BadRequest, null);

            Assert.That(error, Is.EqualTo(words), $"{route}");
        }
    }

    [Test]
    public async Task A_body_that_is_no_UTF_8_is_refused_by_every_route_in_the_same_words()
    {
        using var all = Assert.EnterMultipleScope();
        // A worker's answer is repaired: one that is refused would leave its execution running.
        foreach (var route in WithBody.Where(
            route => route.Body!.RequestType != typeof(CompleteBody) && route.Body.RequestType != typeof(FailBody)))
        {
            var error = await RefusedAsync(route, route.Address(), [.. "{\"a\": \""u8, 0xE9, .. "\"}"u8], HttpStatusCode.BadRequest, null);

            Assert.That(error, Is.EqualTo("The body is not UTF-8."), $"{route}");
        }
    }

    [TestCase("")]
    [TestCase("null")]
    public async Task A_body_that_is_missing_is_refused_by_every_route_that_needs_one(string body)
    {
        using var all = Assert.EnterMultipleScope();
        foreach (var route in WithBody.Where(route => !route.Body!.IsOptional))
        {
            var error = await RefusedAsync(route, route.Address(), Encoding.UTF8.GetBytes(body), HttpStatusCode.BadRequest, null);

            Assert.That(error, Is.EqualTo("The body must be a JSON object; there was none."), $"{route}");
        }
    }

    [TestCase("abc")]
    [TestCase("1.5")]
    [TestCase("%201")]
    [TestCase("99999999999999999999")]
    public async Task An_id_that_is_no_number_is_answered_by_every_route_in_the_same_words(string id)
    {
        using var all = Assert.EnterMultipleScope();
        foreach (var route in WithGrammar.Where(route => Number.IsMatch(route.Pattern)))
        {
            var name = Number.Match(route.Pattern).Groups[1].Value;
            var error = await RefusedAsync(
                route, route.Address().Replace("/4711", $"/{id}", StringComparison.Ordinal), null, HttpStatusCode.BadRequest, name);

            Assert.That(error, Is.EqualTo($"{name} must be a whole number."), $"{route}");
        }
    }

    private async Task<string> RefusedAsync(Route route, string address, byte[]? body, HttpStatusCode expected, string? field)
    {
        var (status, text) = await Api.SendRawAsync(route.Method, address, body, body is null ? null : Json);
        Assert.That(status, Is.EqualTo(expected), $"{route}: {text}");
        if (text.Length == 0)
        {
            return "";
        }

        var answer = JsonElement.Parse(text);
        Assert.That(answer.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null, Is.EqualTo(
            field), $"{route}: {text}");
        return answer.GetProperty("error").GetString()!;
    }

    [GeneratedRegex(@"\{(id|execution|version)\}")]
    private static partial Regex Number { get; }

    private sealed record Route(HttpMethod Method, RouteEndpoint Endpoint)
    {
        public string Pattern => Endpoint.RoutePattern.RawText!.TrimEnd('/');

        public IAcceptsMetadata? Body => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>();

        public IEnumerable<string> Parameters =>
            Endpoint.Metadata.OfType<QueryParameters>().SelectMany(query => query.All).SelectMany(parameter => parameter.Names);

        public string Address() => Pattern
            .Replace("{status}", "completed", StringComparison.Ordinal)
            .Replace("{entity_type}", "execution", StringComparison.Ordinal)
            .Replace("{ref}", "core.webhook", StringComparison.Ordinal)
            .Replace("{pack_ref}", "core", StringComparison.Ordinal)
            .Replace("{id}", "4711", StringComparison.Ordinal)
            .Replace("{execution}", "4711", StringComparison.Ordinal)
            .Replace("{version}", "4711", StringComparison.Ordinal);

        public override string ToString() => $"{Method} {Pattern}";
    }
}
