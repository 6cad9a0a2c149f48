using System.Net;
using System.Net.Sockets;

namespace Attune.Tests.Support;

/// <summary>
/// The line between a browser and a host, which a test can cut: as a host's death cuts it, so that both ends notice at once, or as a
/// network does that swallows everything and says nothing.
/// </summary>
internal sealed class CuttableLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _open = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _port;
    private volatile State _state = State.Through;
    private long _bytesToBrowser;

    /// <param name="address">The address of the host.</param>
    public CuttableLine(string address)
    {
        _port = new Uri(address).Port;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync(_stopping.Token);
    }

    private enum State
    {
        Through,
        Silent,
        Dead,
    }

    /// <summary>Where a browser reaches the host over this line.</summary>
    public string Address { get; }

    /// <summary>How much the browser has been sent, the headers of HTTP included.</summary>
    public long BytesToBrowser => Interlocked.Read(ref _bytesToBrowser);

    public void Kill()
    {
        _state = State.Dead;
        Drop();
    }

    public void Silence() => _state = State.Silent;

    /// <summary>Lets everything through again, to the host of that address.</summary>
    public void Mend(string address)
    {
        Drop();
        _port = new Uri(address).Port;
        _state = State.Through;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Drop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync(cancellationToken), cancellationToken);
        }
    }

    private async Task ServeAsync(Socket browser, CancellationToken cancellationToken)
    {
        using var host = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (browser)
        {
            if (_state == State.Dead)
            {
                return;
            }

            try
            {
                await host.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
                lock (_open)
                {
                    _open.AddRange([browser, host]);
                }

                await Task.WhenAny(
                    PassAsync(browser, host, _ => { }, cancellationToken),
                    PassAsync(host, browser, count => Interlocked.Add(ref _bytesToBrowser, count), cancellationToken));
            }
            catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One end has closed, or the line was cut.
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, Action<int> counted, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (_state != State.Silent)
            {
                counted(count);
                await to.SendAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
    }

    private void Drop()
    {
        lock (_open)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }
}
