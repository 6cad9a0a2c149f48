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

    [TestCase("Actions:EmitEvent:MaxDepth", "0")]
    [TestCase("Actions:EmitEvent:MaxDepth", "many")]
    [TestCase("Actions:EmitEvent:MaxDeep", "5")]
    public void A_setting_of_emitted_events_that_makes_no_sense_is_refused_by_its_key(string key, string value) =>
        Assert.That(() => Read<EmitEventOptions>((key, value)), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(key));

    [TestCase("Actions:Smtp:From", "Actions:Smtp:Host=mail.example.org")]
    [TestCase("Actions:Smtp:From", "Actions:Smtp:Host=mail.example.org", "Actions:Smtp:From=nobody at all")]
    [TestCase("Actions:Smtp:Host", "Actions:Smtp:Host=mail.example.org:25", "Actions:Smtp:From=a@b.c")]
    [TestCase("Actions:Smtp:Port", "Actions:Smtp:Port=0")]
    [TestCase("Actions:Smtp:Port", "Actions:Smtp:Port=smtp")]
    [TestCase("Actions:Smtp:Security", "Actions:Smtp:Security=Perhaps")]
    [TestCase("Actions:Smtp:Timeout", "Actions:Smtp:Timeout=00:00:00.5")]
    [TestCase("Actions:Smtp:UserName", "Actions:Smtp:Password=hidden")]
    [TestCase("Actions:Smtp:Password", "Actions:Smtp:UserName=ada")]
    [TestCase("Actions:Smtp:Security", "Actions:Smtp:Host=mail.example.org", "Actions:Smtp:From=a@b.c", "Actions:Smtp:Security=None",
        "Actions:Smtp:UserName=ada", "Actions:Smtp:Password=hidden")]
    [TestCase("Actions:Smtp:Passwd", "Actions:Smtp:Passwd=x")]
    public void A_mail_server_that_cannot_be_used_is_refused_by_its_key_and_no_message_has_the_password(string key, params string[] settings) =>
        Assert.That(
            () => Read<SmtpOptions>([.. settings.Select(one => one.Split('=')).Select(pair => (pair[0], pair[1]))]),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(key).And.Message.Not.Contains("hidden"));

    [Test]
    public void A_mail_server_has_the_usual_port_of_its_security()
    {
        (string, string)[] server = [("Actions:Smtp:Host", "mail.example.org"), ("Actions:Smtp:From", "Attune <attune@example.org>")];

        Assert.That(Read<SmtpOptions>(server).ChosenPort, Is.EqualTo(587));
        Assert.That(Read<SmtpOptions>([.. server, ("Actions:Smtp:Security", "Tls")]).ChosenPort, Is.EqualTo(465));
        Assert.That(Read<SmtpOptions>([.. server, ("Actions:Smtp:Security", "None")]).ChosenPort, Is.EqualTo(25));
        Assert.That(Read<SmtpOptions>([.. server, ("Actions:Smtp:Port", "2525")]).ChosenPort, Is.EqualTo(2525));
        Assert.That(Read<SmtpOptions>().Host, Is.Empty);
    }

    private static T Read<T>(params (string Key, string Value)[] settings)
        where T : class => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build())
        .AddEnforcementsModule()
        .BuildServiceProvider().GetRequiredService<IOptions<T>>().Value;
}
