using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Attune.Tests.Support;

/// <summary>A server that answers each connection's first request with bytes as they are given, and then closes it: for broken answers.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="answer">The bytes of an answer, head and body.</param>
    public RawServer(params byte[] answer)
    {
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
        _serving = ServeAsync(answer);
    }

    public RawServer(string answer)
        : this(Encoding.Latin1.GetBytes(answer))
    {
    }

    public string Address { get; }

    /// <summary>The heads of the requests, as they were sent.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            var head = new StringBuilder();
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
            {
                head.Append(line).Append("\r\n");
            }

            Heads.Enqueue(head.ToString());
            await stream.WriteAsync(answer, _stop.Token);
        }
    }
}
