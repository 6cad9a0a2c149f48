using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Host;

/// <summary>Mistakes of callers that only the server underneath sees: each is answered as one, and none fills the log.</summary>
public sealed class CallersMistakesTests() : NativeDatabaseTest
{
    private static readonly string[] Requests =
    [
        "GET /api/v1/triggers HTTP/1.1\r\nHost: xn--localhost\r\nConnection: close\r\n\r\n",
        "POST /api/v1/webhooks/some-key HTTP/1.1\r\nHost: xn--localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        "GET /health HTTP/1.1\r\nHost: xn--localhost\r\nConnection: close\r\n\r\n",
        Chunked("/api/v1/events"),
        Chunked("/api/v1/executions/execute"),
        "POST /api/v1/executions/execute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
            "Content-Type: application/json; charset=bogus\r\nContent-Length: 2\r\n\r\n{}",
        "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{",
    ];

    [Test]
    public async Task Each_is_answered_with_an_error_of_the_callers_and_without_a_line_in_the_log()
    {
        await using var program = await HostProgram.ServeAsync($"--Database:ConnectionString={ConnectionString}");
        foreach (var request in Requests)
        {
            var answer = await SendAsync(new Uri(program.Address!).Port, request);

            Assert.That(answer, Does.Match("^HTTP/1.1 4[0-9][0-9] "), request);
            Assert.That(JsonElement.Parse(Body(answer)).GetProperty("error").GetString(), Is.Not.Empty, request);
        }

        var length = await SendAsync(
            new Uri(program.Address!).Port,
            "POST /api/v1/webhooks/some-key HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 99999999999999999999999\r\n\r\n{}");
        Assert.That(length, Does.StartWith("HTTP/1.1 400 "), "a length that no number holds");

        using var http = new HttpClient { BaseAddress = new Uri(program.Address!) };
        foreach (var path in (
            string[])["history/execution", "history/worker", "executions/1/history", "events", "enforcements", "executions"])
        {
            using var latest = await http.GetAsync($"/api/v1/{path}?until=9999-12-31T23:59:59.9999999Z");
            Assert.That(latest.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        }

        await program.StopAsync();
        Assert.That(
            program.Output, Does.Not.Contain("   at ").And.Not.Contain(" ERR ").And.Not.Contain("/api/").And.Not.Contain("/health"));
        Assert.That(program.Errors, Is.Empty);
    }

    private static string Chunked(string path) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
        "FFFFFFFFFFFFFFFF2\r\n{}\r\n0\r\n\r\n";

    private static async Task<string> SendAsync(int port, string request)
    {
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = caller.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static string Body(string answer) => answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)];
}
