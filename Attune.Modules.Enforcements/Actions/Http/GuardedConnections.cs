using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>
/// Connections of outgoing requests. A name is resolved here, and one of the addresses that were looked at is connected to, so
/// that neither a redirect nor a name that changes its address leads elsewhere. No proxy is used: it would connect for us.
/// </summary>
internal sealed class GuardedConnections : IDisposable
{
    /// <summary>The longest that a connection, a secure one included, may take to be made.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly AddressRules _rules;
    private readonly Resolver _resolve;
    private readonly HttpMessageInvoker _verified;
    private readonly HttpMessageInvoker _unverified;

    public GuardedConnections(IOptions<HttpActionOptions> options, Resolver resolve)
    {
        _rules = new AddressRules(options.Value.AllowedNetworks);
        _resolve = resolve;
        _verified = new HttpMessageInvoker(NewHandler(verifyTls: true));
        _unverified = new HttpMessageInvoker(NewHandler(verifyTls: false));
    }

    /// <summary>The addresses of a name.</summary>
    public delegate Task<IPAddress[]> Resolver(string host, CancellationToken cancellationToken);

    /// <summary>What sends requests; it keeps its connections for a while.</summary>
    public HttpMessageInvoker Invoker(bool verifyTls) => verifyTls ? _verified : _unverified;

    public void Dispose()
    {
        _verified.Dispose();
        _unverified.Dispose();
    }

    private SocketsHttpHandler NewHandler(bool verifyTls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = Lifetime,
            ConnectTimeout = ConnectTimeout,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ConnectCallback = ConnectAsync,
        };
        if (!verifyTls)
        {
#pragma warning disable CA5359 // It is asked for, and HttpRequest:AllowUnverifiedTls allows it.
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        }

        return handler;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellationToken);
        var allowed = Array.FindAll(addresses, _rules.MayConnect);
        if (addresses.Length > 0 && allowed.Length == 0)
        {
            var which = literal is null ? $"{host} leads to {addresses[0]}, which" : host;
            throw new ActionFailedException(
                $"{which} is no public address; {HttpActionOptions.Section}:{nameof(HttpActionOptions.AllowedNetworks)} does not name it.",
                mayRetry: false);
        }

        SocketException? last = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                last = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
