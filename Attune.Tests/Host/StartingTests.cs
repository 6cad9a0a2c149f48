using System.Net;
using System.Net.Sockets;
using Attune.Host;
using Attune.Host.Starting;
using Microsoft.Extensions.Configuration;

namespace Attune.Tests.Host;

/// <summary>What the host refuses to start with, and in which words.</summary>
[TestFixture]
public sealed class StartingTests
{
    private TestServer _server = null!;
    private string _empty = "";
    private string _migrated = "";

    [OneTimeSetUp]
    public async Task MakeDatabasesAsync()
    {
        _server = await TestServer.GetAsync(DatabaseEngine.Native);
        _empty = await _server.CreateEmptyAsync();
        _migrated = await _server.CopyAsync();
    }

    [OneTimeTearDown]
    public async Task DropDatabasesAsync()
    {
        foreach (var database in new[] { _empty, _migrated }.Where(database => database.Length > 0))
        {
            await _server.DropByConnectionStringAsync(database);
        }
    }

    [Test]
    public async Task A_stale_schema_is_refused_by_naming_the_verb_and_the_key_and_brought_up_to_date_where_that_is_allowed()
    {
        var words = await RefusalAsync(("Database:ConnectionString", _empty));
        Assert.That(words, Does.Contain("Attune.Host migrate").And.Contain("Database:MigrateOnStart").And.Contain("0001_"));

        await using var host = await StartAsync(("Database:ConnectionString", _empty), ("Database:MigrateOnStart", "true"));
        Assert.That(host.Addresses, Is.Not.Empty);
    }

    [TestCase("urls", "http://0.0.0.0:0")]
    [TestCase("urls", "http://*:0")]
    [TestCase("urls", "http://[::]:0")]
    [TestCase("urls", "http://127.0.0.1:0;http://192.0.2.1:0")]
    [TestCase("urls", "http://a-name.example:0")]
    [TestCase("http_ports", "0")]
    [TestCase("Kestrel:Endpoints:Open:Url", "http://0.0.0.0:0")]
    public async Task An_address_that_others_can_reach_is_refused_with_the_reason(string key, string value)
    {
        // What is not named is left at nothing, so that the port of the default address is not asked for.
        var words = await RefusalAsync(("Database:ConnectionString", _migrated), ("urls", key == "urls" ? value : ""), (key, value));

        Assert.That(words, Does.Contain("no accounts are configured").And.Contain("--urls"));
    }

    [TestCase("anybody")]
    [TestCase("10.0.0.5, proxy.example")]
    [TestCase("10.0.0.5/8")]
    public async Task A_proxy_that_is_no_address_is_refused_by_its_key(string value) =>
        Assert.That(
            await RefusalAsync(("Database:ConnectionString", _migrated), ("urls", "http://127.0.0.1:0"), ("TrustedProxies", value)),
            Does.Contain("TrustedProxies").And.Contain("10.0.0.0/24"));

    [Test]
    public async Task A_port_that_is_taken_is_refused_by_naming_the_option()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://{taken.LocalEndpoint}";

        var words = await RefusalAsync(("Database:ConnectionString", _migrated), ("urls", address));

        Assert.That(words, Does.Contain(address).And.Contain("--urls"));
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_named_with_its_key()
    {
        var words = await RefusalAsync(
            ("Database:ConnectionString", "Host=127.0.0.1;Port=1;Username=nobody;Password=secret;Database=nothing"));

        Assert.That(words, Does.Contain("127.0.0.1:1").And.Contain("Database:ConnectionString").And.Not.Contain("secret"));
    }

    [Test]
    public async Task All_that_is_wrong_with_the_settings_is_said_at_once_each_by_its_key()
    {
        var words = await RefusalAsync(
            ("Database:Engine", "oracle"), ("Database:MigrateOnStart", "perhaps"), ("Database:DataDir", "x"),
            ("Database:ConnectionString", "nonsense"));

        Assert.That(words, Does.Contain("Database:Engine says 'oracle'").And.Contain("auto, native or timescale"));
        Assert.That(words, Does.Contain("Database:MigrateOnStart says 'perhaps'"));
        Assert.That(words, Does.Contain("Database:DataDir is not a setting").And.Contain("DataDirectory"));
        Assert.That(words, Does.Contain("Database:ConnectionString"));
    }

    [TestCase("Events:MaxPayloadByte", "MaxPayloadBytes")]
    [TestCase("HttpRequest:AllowedNetwork:0", "AllowedNetworks")]
    [TestCase("Workers:GiveBackLimit", "RequeueLimit")]
    public void A_misspelt_key_of_any_section_is_named_beside_those_that_there_are(string key, string known)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, "1")]).Build();

        Assert.That(
            () => HostConfiguration.Database(configuration),
            Throws.InstanceOf<StartException>().With.Message.Contains(string.Join(':', key.Split(':')[..2]) + " is not a setting")
                .And.Message.Contains(known));
    }

    private static async Task<string> RefusalAsync(params (string Key, string Value)[] settings)
    {
        try
        {
            await using var host = await StartAsync(settings);
        }
        catch (Exception error) when (Explanation.Of(error) is { } words)
        {
            return words;
        }

        throw new AssertionException("The host started.");
    }

    private static Task<AttuneHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Serilog:MinimumLevel:Default"] = "Fatal",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return AttuneHost.StartAsync(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), CancellationToken.None);
    }
}
