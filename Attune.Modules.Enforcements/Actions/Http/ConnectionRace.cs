using System.Net;
using System.Net.Sockets;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>
/// Connects to whichever of several addresses answers first (RFC 8305): the next is tried as soon as one fails, or has not answered for
/// a quarter of a second. So one that is silent costs that much, and not all the time there is.
/// </summary>
internal static class ConnectionRace
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">None of them can be connected to.</exception>
    public static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>();
        var next = 0;
        Exception? last = null;
        try
        {
            while (next < addresses.Count || running.Count > 0)
            {
                if (next < addresses.Count)
                {
                    running.Add(ConnectAsync(addresses[next++], port, over.Token));
                }

                var first = Task.WhenAny(running);
                await (next < addresses.Count ? Task.WhenAny(first, Task.Delay(HeadStart, over.Token)) : (Task)first);
                cancellationToken.ThrowIfCancellationRequested();
                if (running.Find(one => one.IsCompletedSuccessfully) is { } connected)
                {
                    running.Remove(connected);
                    return await connected;
                }

                last = running.Find(one => one.IsFaulted)?.Exception?.InnerException ?? last;
                running.RemoveAll(one => one.IsCompleted);
            }
        }
        finally
        {
            await over.CancelAsync();
            foreach (var late in running)
            {
                _ = late.ContinueWith(
                    static done => done.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                    TaskScheduler.Default);
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
