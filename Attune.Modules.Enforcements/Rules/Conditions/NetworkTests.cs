using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Addresses of the internet protocol, and the networks that they belong to.</summary>
internal static class NetworkTests
{
    // What comes before an address of version 4 that is written as one of version 6.
    private const int MappedBits = 96;

    private const string Expected =
        "must be a network such as 10.0.0.0/8 or 2001:db8::/32, with no bits set past the prefix, an address, or an array of them";

    public static ConditionTest InNetwork(Operand operand)
    {
        if (operand.IsField)
        {
            return operand.Test(static (actual, expected, _) =>
                Address(actual) is not { } address ? Tested.Unknown(UnknownReason.AddressWanted)
                : Networks(expected) is not { } networks ? Tested.Unknown(UnknownReason.OtherUnfit)
                : Tested.Of(networks.Exists(network => network.Contains(address))));
        }

        var given = operand.Value ?? throw operand.Refused("is missing");
        var known = Networks(given) ?? throw operand.Refused(Expected);
        return operand.Test((actual, _, context) =>
        {
            context.Budget.Spend(1 + known.Count);
            return Address(actual) is { } address
                ? Tested.Of(known.Exists(network => network.Contains(address)))
                : Tested.Unknown(UnknownReason.AddressWanted);
        });
    }

    private static List<IPNetwork>? Networks(JsonElement value)
    {
        var networks = new List<IPNetwork>();
        foreach (var item in value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : (JsonElement[])[value])
        {
            if (item.ValueKind != JsonValueKind.String || Network(item.GetString()!) is not { } network)
            {
                return null;
            }

            networks.Add(network);
        }

        return networks.Count == 0 ? null : networks;
    }

    private static IPNetwork? Network(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (Address(slash < 0 ? text : text[..slash], out var wasMapped) is not { } address)
        {
            return null;
        }

        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            return new(address, most);
        }

        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix))
        {
            return null;
        }

        prefix -= wasMapped ? MappedBits : 0;
        return prefix >= 0 && prefix <= most && IPNetwork.TryParse($"{address}/{prefix}", out var network)
            && network.BaseAddress.Equals(address) ? network : null;
    }

    private static IPAddress? Address(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Address(value.GetString()!, out _) : null;

    // The parser also takes 1 for 0.0.0.1, and numbers that begin with 0 for octal ones.
    private static IPAddress? Address(string text, out bool wasMapped)
    {
        wasMapped = false;
        if (text.Length > 64 || text.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.ToString() == text ? address : null;
        }

        if (address.ScopeId != 0 || text.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        wasMapped = address.IsIPv4MappedToIPv6;
        return wasMapped ? address.MapToIPv4() : address;
    }
}
