using System.Net;
using Attune.Host.Starting;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Attune.Host.Access;

/// <summary>The setting <c>TrustedProxies</c>: those whose word is taken for whom they speak for, and nobody else's.</summary>
internal static class TrustedProxies
{
    public const string Key = "TrustedProxies";

    /// <summary>Reads <c>TrustedProxies</c>: those whose word is taken for whom they speak for. None, unless it is set.</summary>
    /// <exception cref="StartException">One of them is neither an address nor a network.</exception>
    public static IReadOnlyList<IPNetwork> Read(IConfiguration configuration)
    {
        string[] given =
        [
            .. (configuration[Key] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
            .. configuration.GetSection(Key).GetChildren().Select(child => child.Value ?? ""),
        ];
        return [.. given.Select(text =>
            IPNetwork.TryParse(text, out var network) && text.StartsWith($"{network.BaseAddress}/", StringComparison.OrdinalIgnoreCase)
                ? network
            : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new StartException(
                $"{Key} says '{text}'; it takes addresses and networks, such as 10.0.0.5 or 10.0.0.0/24, with commas between them."))];
    }

    /// <summary>Believes them. First of all in the pipeline: whatever asks for an address has to see the sender's.</summary>
    public static void Use(IApplicationBuilder app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As many as are trusted, from the last one back to the first that is not.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }
}
