using System.Net;
using System.Net.Sockets;
using Attune.Modules.Enforcements.Workers;

namespace Attune.Tests.Enforcements;

/// <summary>Whether a client still waits for the answer to its claim.</summary>
[TestFixture]
public sealed class ClientConnectionTests
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
    public async Task A_connection_whose_client_waits_or_has_sent_more_is_not_closed()
    {
        Assert.That(ClientConnection.IsClosed(_server), Is.False);

        await _client.SendAsync("GET"u8.ToArray());
        await Eventually.HoldsAsync(() => _server.Available > 0, "it has come");
        Assert.That(ClientConnection.IsClosed(_server), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_connection_that_its_client_closed_in_good_order_or_by_a_reset_is_closed(bool inOrder)
    {
        _client.LingerState = new LingerOption(!inOrder, 0);
        _client.Close();

        await Eventually.HoldsAsync(() => ClientConnection.IsClosed(_server), "the client has closed it");
    }

    [Test]
    public void A_connection_that_was_closed_here_is_closed()
    {
        _server.Dispose();

        Assert.That(ClientConnection.IsClosed(_server), Is.True);
    }
}
