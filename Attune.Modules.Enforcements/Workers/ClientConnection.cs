using System.Net.Sockets;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// Asks a client's connection itself whether the client has closed it. The request is told as well, but later: by then executions
/// that were leased to the client may have been sent to nobody.
/// </summary>
internal static class ClientConnection
{
    public static bool IsClosed(Socket socket)
    {
        try
        {
            // Readable with nothing to read: that is the end.
            return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
