using Attune.Host.Verbs;

namespace Attune.Tests.Host;

/// <summary>How arguments are taken apart, and what is said of those that make no sense.</summary>
[TestFixture]
public sealed class CommandLineTests
{
    [Test]
    public void Settings_are_taken_out_wherever_they_stand_and_the_verb_and_its_options_are_left()
    {
        var split = SettingArguments.Split(
            ["--urls", "http://127.0.0.1:1", "migrate", "--Database:Engine=native", "--pending", "--TrustedProxies=10.0.0.5", "--A:B:0",
                "x=y"]);

        Assert.That(split.Mistake, Is.Null);
        Assert.That(split.Others, Is.EqualTo((string[])["migrate", "--pending"]));
        Assert.That(split.Settings, Is.EquivalentTo(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:1",
            ["Database:Engine"] = "native",
            ["TrustedProxies"] = "10.0.0.5",
            ["A:B:0"] = "x=y",
        }));
    }

    [TestCase("--urls needs a value.", "--urls")]
    [TestCase("--Database:Engine needs a value.", "migrate", "--Database:Engine")]
    [TestCase("'--frob'", "--frob")]
    [TestCase("'frob'", "frob")]
    [TestCase("'--rule'", "migrate", "--rule", "a.b")]
    [TestCase("--pending", "migrate", "--pending=perhaps")]
    [TestCase("--rows must be a whole number of at least 9000, not 'many'", "bench", "--rows", "many")]
    [TestCase("Did you mean one of the following?\nmigrate\n", "migrat")]
    [TestCase("Did you mean one of the following?\n--pending\n", "migrate", "--pendin")]
    public async Task Arguments_that_make_no_sense_are_told_to_people_with_exit_code_64(string said, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.That(code, Is.EqualTo(64));
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.Contain(said));
    }

    [TestCase("--help")]
    [TestCase("help")]
    [TestCase("-h")]
    [TestCase("serve", "-?")]
    public async Task The_help_has_the_verbs_or_the_options_and_how_settings_are_given(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("Usage:").And.Contain("Attune.Host").And.Contain("--Database:DataDirectory"));
    }

    [Test]
    public async Task The_help_of_a_verb_has_its_options()
    {
        var (_, asVerb, _) = await RunAsync("help", "backtest");
        var (_, asOption, _) = await RunAsync("backtest", "--help");

        Assert.That(asVerb, Is.EqualTo(asOption));
        Assert.That(asVerb, Does.Contain("--rule <REF>").And.Contain("--since <TIME>"));
    }

    [TestCase("--version")]
    [TestCase("version")]
    public async Task The_version_is_told(string argument) =>
        Assert.That((await RunAsync(argument)).Output, Does.Match(@"^Attune \d+\.\d+\.\d+"));

    [TestCase("migr", "migrate")]
    [TestCase("migrate --", "--pending")]
    public async Task A_shell_can_complete_what_has_been_typed(string typed, string completed)
    {
        var (code, output, _) = await RunAsync($"[suggest:{typed.Length}]", typed);

        Assert.That(code, Is.Zero);
        Assert.That(output.Split('\n'), Does.Contain(completed));
    }

    [Test]
    public async Task The_program_says_so_by_its_exit_code_and_on_standard_error()
    {
        await using var verb = await HostProgram.RunAsync("migrat");

        Assert.That(await verb.ExitCodeAsync(), Is.EqualTo(64));
        Assert.That(verb.Errors, Does.Contain("'migrat'").And.Contain("Usage:"));
        Assert.That(verb.Output, Is.Empty);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync(arguments, output, error, TestContext.CurrentContext.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
