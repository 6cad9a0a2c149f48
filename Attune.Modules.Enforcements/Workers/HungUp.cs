using System.Net.Sockets;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// Asks a connection itself whether its client has hung up. The request is told as well, but later: by then what was taken in
/// hand for the client may have been sent to nobody.
/// </summary>
internal static class HungUp
{
    public static bool Has(Socket socket)
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
