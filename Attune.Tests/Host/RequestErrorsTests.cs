using System.Text.Json;
using Attune.Host.Http;
using Attune.Host.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Attune.Tests.Host;

/// <summary>What a route throws, and what the caller is told of it.</summary>
[TestFixture]
public sealed class RequestErrorsTests
{
    private static IEnumerable<TestCaseData> Errors()
    {
        yield return new(new RefusedException(RefusalKind.Unauthenticated, null, "Who?"), 401, "UNAUTHORIZED", "Who?");
        yield return new(new RefusedException(RefusalKind.Forbidden, null, "No."), 403, "FORBIDDEN", "No.");
        yield return new(RefusedException.NotFound("None."), 404, "NOT_FOUND", "None.");
        yield return new(new RefusedException(RefusalKind.Conflict, "ref", "Taken."), 409, "CONFLICT", "Taken.");
        yield return new(new RefusedException(RefusalKind.TooLarge, null, "Much."), 413, "PAYLOAD_TOO_LARGE", "Much.");
        yield return new(RefusedException.Invalid("x", "Odd."), 422, "VALIDATION_ERROR", "Odd.");
        yield return new(new InvalidOperationException("a secret of the inside"), 500, "INTERNAL_SERVER_ERROR", "log");
        yield return new(new NpgsqlException("Failed to connect to 10.1.2.3"), 503, "SERVICE_UNAVAILABLE", "database");
        yield return new(Postgres("57P01"), 503, "SERVICE_UNAVAILABLE", "database");
        yield return new(Postgres("53300"), 503, "SERVICE_UNAVAILABLE", "database");
        yield return new(Postgres("23505"), 409, "CONFLICT", "exists");
        yield return new(Postgres("23514"), 422, "VALIDATION_ERROR", "value");
        yield return new(Postgres("22P05"), 422, "VALIDATION_ERROR", "value");
        yield return new(Postgres("42P01"), 500, "INTERNAL_SERVER_ERROR", "log");
        yield return new(new BadHttpRequestException("Unexpected end of System.Thing.", 400), 400, "BAD_REQUEST", "broken off");
        yield return new(
            new BadHttpRequestException("Request body too large: System.Thing.", 413), 413, "PAYLOAD_TOO_LARGE", "8388608 bytes");
    }

    internal static RequestErrors New(ILogger<RequestErrors> log) => New(log, new SecretPaths());

    internal static RequestErrors New(ILogger<RequestErrors> log, SecretPaths secrets) =>
        new(new AddressMethods(new DefaultEndpointDataSource([])), secrets, log);

    [TestCaseSource(nameof(Errors))]
    public async Task An_error_becomes_a_status_a_code_and_words_without_the_inside(Exception error, int status, string code, string words)
    {
        var context = Context();

        await New(NullLogger<RequestErrors>.Instance).InvokeAsync(context, _ => throw error);

        var body = Body(context);
        Assert.That(context.Response.StatusCode, Is.EqualTo(status));
        Assert.That(body.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(body.GetProperty("error").GetString(), Does.Contain(words));
        Assert.That(body.GetRawText(), Does.Not.Contain("secret").And.Not.Contain("10.1.2.3").And.Not.Contain("System."));
    }

    [Test]
    public async Task The_place_of_the_error_is_named()
    {
        var context = Context();

        await New(NullLogger<RequestErrors>.Instance).InvokeAsync(
            context, _ => throw RefusedException.Invalid("conditions[2].operator", "'is' is no operator."));

        Assert.That(Body(context).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo("conditions[2].operator"));
    }

    [Test]
    public async Task A_caller_that_has_gone_is_no_error()
    {
        var context = Context();
        context.RequestAborted = new CancellationToken(canceled: true);

        await New(NullLogger<RequestErrors>.Instance).InvokeAsync(context, _ => throw new OperationCanceledException());

        Assert.That(context.Response.StatusCode, Is.EqualTo(499));
        Assert.That(context.Response.Body.Length, Is.Zero);
    }

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/api/v1/things";
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static JsonElement Body(HttpContext context) => JsonElement.Parse(((MemoryStream)context.Response.Body).ToArray());

    private static PostgresException Postgres(string state) => new("a secret of the inside", "ERROR", "ERROR", state);
}
