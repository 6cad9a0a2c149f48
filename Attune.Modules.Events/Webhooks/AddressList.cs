using System.Net;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>ip_whitelist</c>: from where may be posted.</summary>
internal sealed class AddressList
{
    private const int MostEntries = 1_000;

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

        return new(enabled, ips, [.. ips.Select((text, i) => IpNetworks.TryParse(text) ?? throw section.Wrong(
            $"ips[{i}]",
            "must be an address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, with no bits set past the prefix"))]);
    }

    /// <summary>Whether somebody may post. An address that nobody knows may not.</summary>
    public bool Allows(IPAddress? address) => address is not null && _networks.Any(network => network.Contains(IpNetworks.Plain(address)));
}
