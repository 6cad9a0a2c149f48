using System.Net;
using Attune.Modules.Enforcements.Actions.Http;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class AddressRulesTests
{
    [TestCase("127.0.0.1")]
    [TestCase("127.255.255.254")]
    [TestCase("0.0.0.0")]
    [TestCase("10.0.0.1")]
    [TestCase("100.64.0.1")]
    [TestCase("169.254.169.254")]
    [TestCase("172.16.0.1")]
    [TestCase("172.31.255.255")]
    [TestCase("192.168.1.1")]
    [TestCase("198.18.0.1")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("::127.0.0.1")]
    [TestCase("64:ff9b::a00:1")]
    [TestCase("168.63.129.16")]
    [TestCase("64:ff9b::a83f:8110")]
    [TestCase("64:ff9b:1::a00:1")]
    [TestCase("2002:7f00:1::")]
    [TestCase("2001:0:1234::1")]
    [TestCase("2001:db8::1")]
    [TestCase("fc00::1")]
    [TestCase("fd12:3456::1")]
    [TestCase("fe80::1")]
    [TestCase("fe80::1%1")]
    [TestCase("fec0::1")]
    [TestCase("ff02::1")]
    public void An_address_outside_of_the_public_network_is_refused(string address) =>
        Assert.That(new AddressRules([]).MayConnect(IPAddress.Parse(address)), Is.False);

    [TestCase("1.1.1.1")]
    [TestCase("172.15.0.1")]
    [TestCase("172.32.0.1")]
    [TestCase("192.167.0.1")]
    [TestCase("2606:4700:4700::1111")]
    [TestCase("::ffff:1.1.1.1")]
    [TestCase("64:ff9b::101:101")]
    public void An_address_of_the_public_network_is_allowed(string address) =>
        Assert.That(new AddressRules([]).MayConnect(IPAddress.Parse(address)), Is.True);

    [TestCase("10.1.2.3", true)]
    [TestCase("::ffff:10.1.2.3", true)]
    [TestCase("10.2.0.1", false)]
    [TestCase("fd00::1", true)]
    [TestCase("fe80::7%1", true)]
    [TestCase("127.0.0.1", false)]
    public void A_network_that_the_settings_name_is_allowed_and_no_other(string address, bool allowed) =>
        Assert.That(new AddressRules(["10.1.0.0/16", "fd00::/64", "fe80::/10"]).MayConnect(IPAddress.Parse(address)), Is.EqualTo(allowed));
}
