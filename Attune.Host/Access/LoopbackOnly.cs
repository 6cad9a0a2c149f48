using System.Net;
using System.Net.Sockets;
using Attune.Host.Starting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Attune.Host.Access;

/// <summary>
/// While there are no accounts, whoever reaches Attune is its administrator: so only this machine may reach it. Kestrel asks for
/// every endpoint, wherever it was configured.
/// </summary>
internal static class LoopbackOnly
{
    /// <exception cref="StartException">The endpoint can be reached from elsewhere.</exception>
    public static void Check(ListenOptions endpoint)
    {
        var isLocal = endpoint.EndPoint switch
        {
            IPEndPoint address => IPAddress.IsLoopback(address.Address),
            UnixDomainSocketEndPoint or NamedPipeEndPoint => true,
            _ => false,
        };
        if (!isLocal)
        {
            throw new StartException(
                $"Attune will not listen on {endpoint}: that can be reached from other machines, and no accounts are configured, so " +
                "whoever reached it would be its administrator. Use an address of this machine alone (--urls http://127.0.0.1:8080); the " +
                "address may come from --urls, ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS or the section Kestrel:Endpoints.");
        }
    }
}
