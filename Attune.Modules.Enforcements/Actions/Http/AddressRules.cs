using System.Net;
using System.Net.Sockets;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>Tells the addresses that requests may go to: those of the public network, and those that the settings name.</summary>
internal sealed class AddressRules(IEnumerable<string> allowed)
{
    // Everything that is not handed out for hosts of the public network, and the address at which a machine in Azure reaches its host.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    // Of the sixth version, hosts of the public network are in 2000::/3, but for these.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotGlobal =
        [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private readonly IPNetwork[] _allowed = [.. allowed.Select(IPNetwork.Parse)];

    public bool MayConnect(IPAddress address)
    {
        var plain = Plain(address);
        return _allowed.Any(network => network.Contains(plain)) || IsPublic(plain);
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? !NotPublic.Any(network => network.Contains(address))
        : Global.Contains(address) && !NotGlobal.Any(network => network.Contains(address));

    // An address of the fourth version within one of the sixth leads to the former.
    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        // The scope says which card of this machine, and is no part of a network.
        var bytes = address.GetAddressBytes();
        var bare = new IPAddress(bytes);
        return Translated.Contains(bare) ? new IPAddress(bytes.AsSpan(12, 4))
            : SixToFour.Contains(bare) ? new IPAddress(bytes.AsSpan(2, 4))
            : bare;
    }
}
