using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>ip_whitelist</c>: from where may be posted.</summary>
internal sealed class AddressList
{
    private const int MostEntries = 1_000;

    // What comes before an address of version 4 that is written as one of version 6.
    private const int MappedBits = 96;

    private readonly IReadOnlyList<IPNetwork> _networks;

    private AddressList(bool enabled, IReadOnlyList<string> ips, IReadOnlyList<IPNetwork> networks)
    {
        Enabled = enabled;
        Ips = ips;
        _networks = networks;
    }

    public bool Enabled { get; }

    public IReadOnlyList<string> Ips { get; }

    /// <exception cref="RefusedException">It cannot be read, or would let nobody in.</exception>
    public static AddressList Parse(JsonElement json, string place)
    {
        var section = new ConfigSection(json, place, "enabled", "ips");
        var enabled = section.Flag("enabled");
        var given = section.Value("ips");
        if (given is { ValueKind: not JsonValueKind.Array } || given?.GetArrayLength() > MostEntries)
        {
            throw section.Wrong("ips", $"must be an array of at most {MostEntries} addresses");
        }

        string[] ips = [.. (given?.EnumerateArray() ?? default).Select((entry, i) => entry.ValueKind == JsonValueKind.String
            ? entry.GetString()!
            : throw section.Wrong($"ips[{i}]", "must be text"))];
        if (enabled && ips.Length == 0)
        {
            throw section.Wrong("ips", "must name at least one address while the list is enabled");
        }

        return new(enabled, ips, [.. ips.Select((text, i) => Network(text) ?? throw section.Wrong(
            $"ips[{i}]",
            "must be an address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, with no bits set past the prefix"))]);
    }

    /// <summary>Whether somebody may post. An address that nobody knows may not.</summary>
    public bool Allows(IPAddress? address) => address is not null && _networks.Any(network => network.Contains(Plain(address)));

    /// <summary>An address of version 4 as such, also where the socket gives it as one of version 6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork? Network(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(first, out var address) || !IsPlain(address, first))
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

    // Who posts by version 4 is asked for as such, so that is how its networks have to be kept.
    private static IPNetwork Plain(IPNetwork network) => network.PrefixLength >= MappedBits && network.BaseAddress.IsIPv4MappedToIPv6
        ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
        : network;

    // The parser also takes 1 for 0.0.0.1, and numbers that begin with 0 for octal ones.
    private static bool IsPlain(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text : address.ScopeId == 0 && !text.Contains('[', StringComparison.Ordinal);
}
