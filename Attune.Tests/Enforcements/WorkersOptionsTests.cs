using Attune.Modules.Enforcements;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class WorkersOptionsTests
{
    [Test]
    public void Settings_are_read_and_have_defaults()
    {
        Assert.That(
            (Read<WorkersOptions>().LostExecutions, Read<WorkersOptions>().RequeueLimit), Is.EqualTo((LostExecutionPolicy.Requeue, 3)));
        Assert.That(Read<WorkersOptions>(("Workers:LostExecutions", "Fail")).LostExecutions, Is.EqualTo(LostExecutionPolicy.Fail));
        Assert.That(
            (Read<WorkersOptions>().LostAfter, Read<WorkersOptions>().LostAfterText), Is.EqualTo((TimeSpan.FromSeconds(90), "90 seconds")));
        var patient = Read<WorkersOptions>(("Workers:LostAfter", "00:10:00"));
        Assert.That((patient.LostAfter, patient.LostAfterText), Is.EqualTo((TimeSpan.FromMinutes(10), "10 minutes")));
        Assert.That(Read<HttpActionOptions>().AllowedNetworks, Is.Empty);
        Assert.That(
            Read<HttpActionOptions>(
                ("HttpRequest:AllowedNetworks:0", "10.1.0.0/16"), ("HttpRequest:AllowedNetworks:1", "::1/128")).AllowedNetworks,
            Is.EqualTo(new[] { "10.1.0.0/16", "::1/128" }));
    }

    [TestCase("Workers:RequeueLimit", "-1")]
    [TestCase("Workers:RequeueLimit", "101")]
    [TestCase("Workers:LostAfter", "00:00:29.999")]
    [TestCase("Workers:LostAfter", "1.00:00:01")]
    [TestCase("Workers:LostAfter", "90", TestName = "Ninety_without_a_unit_would_be_days_and_is_refused_by_its_key")]
    [TestCase("Workers:LostExecutions", "7")]
    [TestCase("Workers:MaxResultBytes", "1")]
    public void A_setting_that_makes_no_sense_is_refused_by_its_key(string key, string value) =>
        Assert.That(() => Read<WorkersOptions>((key, value)), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(key));

    [TestCase("HttpRequest:AllowedNetworks", "10.1.0.0/33")]
    [TestCase("HttpRequest:AllowedNetworks", "localhost")]
    public void A_network_that_is_none_is_refused_by_its_key(string key, string value) =>
        Assert.That(
            () => Read<HttpActionOptions>(($"{key}:0", value)), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(key));

    private static T Read<T>(params (string Key, string Value)[] settings)
        where T : class => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build())
        .AddEnforcementsModule()
        .BuildServiceProvider().GetRequiredService<IOptions<T>>().Value;
}
