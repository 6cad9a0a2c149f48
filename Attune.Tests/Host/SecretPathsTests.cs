using Attune.Db.Http;
using Attune.Host.Http;
using Attune.Host.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Tests.Host;

/// <summary>Whoever has the key of a webhook can post: no log has it.</summary>
[TestFixture]
[NonParallelizable]
public sealed class SecretPathsTests
{
    private const string Key = "wh_0123456789abcdef0123456789abcdef";

    // As a module may say it of any route: this one is no webhook.
    private static SecretPaths Secrets { get; } = Covering("/api/v1/webhooks/{key}", "/in/{box}/{key}/more");

    [TestCase($"/api/v1/webhooks/{Key}", "/api/v1/webhooks/…")]
    [TestCase("/api/v1/webhooks/not-like-a-key", "/api/v1/webhooks/…")]
    [TestCase("PUT /in/a/hidden/more?x", "PUT /in/a/…/more?x")]
    [TestCase($"/API/v1/Webhooks/{Key}/more", "/API/v1/Webhooks/…/more")]
    [TestCase($"POST http://host/api/v1/webhooks/{Key}?a=1 - 200", "POST http://host/api/v1/webhooks/…?a=1 - 200")]
    [TestCase($"GET /api/v1//webhooks/{Key}?again={Key} 404", "GET /api/v1//webhooks/…?again=… 404")]
    [TestCase("/api/v1/triggers/a.b/webhooks/enable", "/api/v1/triggers/a.b/webhooks/enable")]
    [TestCase("/api/v1/webhooks", "/api/v1/webhooks")]
    public void The_key_is_taken_out_of_an_address_and_nothing_else(string text, string expected) =>
        Assert.That(Secrets.Masked(text), Is.EqualTo(expected));

    private static IEnumerable<Exception> Errors() =>
    [
        new InvalidOperationException("Broken."),
        new NpgsqlException("Gone."),
        new PostgresException("Unfit.", "ERROR", "ERROR", "22P05"),
    ];

    [TestCaseSource(nameof(Errors))]
    public async Task The_log_of_an_error_does_not_have_the_key(Exception error)
    {
        var log = new LogLines<RequestErrors>();
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = $"/api/v1/webhooks/{Key}";

        await RequestErrorsTests.New(log, Secrets).InvokeAsync(context, _ => throw error);

        Assert.That(log.Written.Select(line => line.Text), Has.Exactly(1).Contains("POST /api/v1/webhooks/…").And.None.Contains(Key));
    }

    [Test]
    public void A_line_of_the_frameworks_does_not_have_the_key()
    {
        var before = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            using var log = Logs.Create(new ConfigurationBuilder().Build(), Secrets, toStandardError: false);
            using var factory = Logs.Factory(log);
            var path = new PathString($"/api/v1/webhooks/{Key}");
#pragma warning disable CA1848, CA2254 // As a library may write it.
            factory.CreateLogger("Some.Library").LogWarning("Request starting {Method} {Path}", "POST", path);
#pragma warning restore CA1848, CA2254
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.That(written.ToString(), Does.Contain("Request starting POST /api/v1/webhooks/…").And.Not.Contain(Key));
    }

    [Test]
    public void A_route_whose_secret_is_no_segment_of_its_address_is_refused() =>
        Assert.That(() => Covering("/in/{box}"), Throws.InvalidOperationException.With.Message.Contains("/in/{box}"));

    private static SecretPaths Covering(params string[] routes)
    {
        var secrets = new SecretPaths();
        secrets.Cover(routes.Select(route => new RouteEndpoint(
            _ => Task.CompletedTask, RoutePatternFactory.Parse(route), 0, new EndpointMetadataCollection(new ExternalSenders("key")),
            null)));
        return secrets;
    }
}
