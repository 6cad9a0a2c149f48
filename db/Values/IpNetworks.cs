using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Attune.Db.Values;

/// <summary>
/// Addresses and networks as people and senders write them. The framework's parsers also take 1 for 0.0.0.1, and numbers that begin with 0
/// for octal ones.
/// </summary>
public static class IpNetworks
{
    // What comes before an address of version 4 that is written as one of version 6.
    private const int MappedBits = 96;

    /// <summary>An address of version 4 as such, also where it is written as one of version 6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The address of a text, <see cref="Plain(IPAddress)"/>; null when it is none.</summary>
    public static IPAddress? TryParseAddress(string text) =>
        IPAddress.TryParse(text, out var address) && IsWrittenOut(address, text) ? Plain(address) : null;

    /// <summary>
    /// The network of a text such as 192.0.2.0/24, or of an address alone; null when it is none. One of version 4 is such, also where it is
    /// written as one of version 6.
    /// </summary>
    public static IPNetwork? TryParse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(first, out var address) || !IsWrittenOut(address, first))
        {
            return null;
        }

        if (slash >= 0)
        {
            // Of bits past the prefix nobody knows whether they or the prefix were meant.
            return IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(address)
                && network.PrefixLength.ToString(CultureInfo.InvariantCulture) == text[(slash + 1)..]
                ? Plain(network)
                : null;
        }

        address = Plain(address);
        return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    // Addresses of version 4 are asked for as such, so that is how their networks have to be kept.
    private static IPNetwork Plain(IPNetwork network) => network.PrefixLength >= MappedBits && network.BaseAddress.IsIPv4MappedToIPv6
        ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
        : network;

    private static bool IsWrittenOut(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text : address.ScopeId == 0 && !text.Contains('[', StringComparison.Ordinal);
}
