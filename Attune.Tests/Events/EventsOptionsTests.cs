using Attune.Modules.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class EventsOptionsTests
{
    private static EventsOptions Read(string? maxPayloadBytes)
    {
        Dictionary<string, string?> settings = maxPayloadBytes is null ? [] : new() { ["Events:MaxPayloadBytes"] = maxPayloadBytes };
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddEventsModule()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<EventsOptions>>().Value;
    }

    [TestCase(null, 1024 * 1024)]
    [TestCase("1024", 1024)]
    [TestCase("8388608", 8 * 1024 * 1024)]
    public void A_payload_may_have_a_mebibyte_unless_it_is_set(string? setting, int expected) =>
        Assert.That(Read(setting).MaxPayloadBytes, Is.EqualTo(expected));

    [TestCase("1023")]
    [TestCase("8388609")]
    [TestCase("-1")]
    public void A_limit_out_of_range_is_refused_with_its_key(string setting) =>
        Assert.That(() => Read(setting), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Events:MaxPayloadBytes"));
}
