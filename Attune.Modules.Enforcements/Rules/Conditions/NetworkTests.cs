using System.Net;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Addresses of the internet protocol, and the networks that they belong to.</summary>
internal static class NetworkTests
{
    private const int LongestAddress = 64;

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
            if (item.ValueKind != JsonValueKind.String || IpNetworks.TryParse(item.GetString()!) is not { } network)
            {
                return null;
            }

            networks.Add(network);
        }

        return networks.Count == 0 ? null : networks;
    }

    private static IPAddress? Address(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()! is { Length: <= LongestAddress } text
        && !text.Contains('%', StringComparison.Ordinal)
            ? IpNetworks.TryParseAddress(text) : null;
}
