using System.Net;
using System.Net.Sockets;
using Attune.Modules.Enforcements.Workers;

namespace Attune.Tests.Enforcements;

/// <summary>Whether a client still waits for the answer to its claim.</summary>
[TestFixture]
public sealed class HungUpTests
{
    private TcpListener _listener = null!;
    private Socket _client = null!;
    private Socket _server = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = _listener.AcceptSocketAsync();
        await _client.ConnectAsync(_listener.LocalEndpoint);
        _server = await accepting;
    }

    [TearDown]
    public void Close()
    {
        _client.Dispose();
        _server.Dispose();
        _listener.Dispose();
    }

    [Test]
    public async Task One_that_waits_or_has_sent_more_has_not_hung_up()
    {
        Assert.That(HungUp.Has(_server), Is.False);

        await _client.SendAsync("GET"u8.ToArray());
        await Eventually.HoldsAsync(() => _server.Available > 0, "it has come");
        Assert.That(HungUp.Has(_server), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_that_closed_its_connection_in_good_order_or_by_a_reset_has(bool inOrder)
    {
        _client.LingerState = new LingerOption(!inOrder, 0);
        _client.Close();

        await Eventually.HoldsAsync(() => HungUp.Has(_server), "it has hung up");
    }

    [Test]
    public void A_connection_that_is_closed_here_is_one_that_nobody_waits_at()
    {
        _server.Dispose();

        Assert.That(HungUp.Has(_server), Is.True);
    }
}
