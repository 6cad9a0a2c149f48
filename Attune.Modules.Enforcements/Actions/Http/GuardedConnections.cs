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

    private const long MostBodyBytes = 256 * 1024 * 1024;

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

    /// <summary>The memory of the answers that are being read.</summary>
    public BodyMemory Memory { get; } = new(MostBodyBytes);

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
            // Answers are unpacked by HttpAnswer: this would also change the header Accept-Encoding that was asked for.
            AutomaticDecompression = DecompressionMethods.None,
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

        return new NetworkStream(await ConnectionRace.ConnectAsync(Alternating(allowed), port, cancellationToken), ownsSocket: true);
    }

    // Of both versions by turns, beginning with the first that was answered: where one version leads nowhere, the other is next.
    private static List<IPAddress> Alternating(IPAddress[] addresses)
    {
        var first = addresses.Where(one => one.AddressFamily == addresses[0].AddressFamily).ToList();
        var others = addresses.Except(first).ToList();
        return [.. Enumerable.Range(0, Math.Max(first.Count, others.Count)).SelectMany(
            at => first.Skip(at).Take(1).Concat(others.Skip(at).Take(1)))];
    }
}
