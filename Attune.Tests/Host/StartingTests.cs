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

    [TestCase("Events:MaxPayloadByte", "2048", "MaxPayloadBytes")]
    [TestCase("Events:MaxPayloadBytes", "1 MB", "a whole number")]
    [TestCase("Events:MaxPayloadBytes", "1", "between 1024 and 8388608")]
    [TestCase("Events:MaxPayloadBytes:Limit", "1", "a whole number")]
    [TestCase("Workers:GiveBackLimit", "3", "RequeueLimit")]
    [TestCase("Workers:LostExecutions", "forget", "requeue or fail")]
    [TestCase("Workers:LostAfter", "soon", "00:01:30")]
    [TestCase("Workers:LostAfterText", "soon", "LostAfter")]
    [TestCase("HttpRequest:AllowedNetwork:0", "10.0.0.0/8", "AllowedNetworks")]
    [TestCase("HttpRequest:AllowedNetworks", "10.0.0.0/8", "HttpRequest:AllowedNetworks:0")]
    [TestCase("HttpRequest:AllowUnverifiedTls", "perhaps", "true or false")]
    [TestCase("Database:Engine", "7", "auto, native or timescale")]
    public async Task A_setting_of_any_section_that_makes_no_sense_ends_the_start_before_anything_is_started(string key, string value, string said)
    {
        // With a server that is not there: nobody asks for it.
        var words = await RefusalAsync(("Database:ConnectionString", "Host=127.0.0.1;Port=1"), (key, value));

        Assert.That(words, Does.Contain(string.Join(':', key.Split(':')[..2])).And.Contain(said).And.Not.Contain("127.0.0.1:1"));
    }

    [Test]
    public async Task Mistakes_in_several_sections_are_said_together() =>
        Assert.That(
            await RefusalAsync(("Database:Engine", "oracle"), ("Events:MaxPayloadBytes", "1"), ("Workers:RequeueLimit", "-1")),
            Does.Contain("Database:Engine").And.Contain("Events:MaxPayloadBytes").And.Contain("Workers:RequeueLimit"));

    [Test]
    public async Task A_setting_that_is_set_to_nothing_is_as_good_as_none()
    {
        await using var host = await StartAsync(
            ("Database:ConnectionString", _migrated), ("Database:Engine", ""), ("Database:MigrateOnStart", ""), ("Workers:RequeueLimit", ""));

        Assert.That(host.Addresses, Is.Not.Empty);
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
