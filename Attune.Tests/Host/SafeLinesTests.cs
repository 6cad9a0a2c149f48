using Attune.Host.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Attune.Tests.Host;

/// <summary>What comes from elsewhere cannot pass for a line of the log, nor steer the terminal that shows it.</summary>
[TestFixture]
[NonParallelizable]
public sealed class SafeLinesTests
{
    private const string Key = "wh_0123456789abcdef0123456789abcdef";

    [TestCase("plain, with ü and 日本 and 👍", "plain, with ü and 日本 and 👍")]
    [TestCase("x\n10:00:00.000 INF forged", @"x\n10:00:00.000 INF forged")]
    [TestCase("a\r\t\0b", @"a\r\t\u0000b")]
    [TestCase("\u001b[31mred\u0007", @"\u001B[31mred\u0007")]
    [TestCase("\u007f\u0085\u009b31m", @"\u007F\u0085\u009B31m")]
    [TestCase("exe.\u202egnp\u2066\u200f", @"exe.\u202Egnp\u2066\u200F")]
    [TestCase("\u2028\u2029\ufeff", @"\u2028\u2029\uFEFF")]
    [TestCase("tag \U000e0041", @"tag \U000E0041")]
    public void Characters_that_are_not_shown_are_spelled_out(string text, string expected)
    {
        Assert.That(ControlCharacters.Escaped(text), Is.EqualTo(expected));
        Assert.That(Written(log => Say(log, null, text)), Does.EndWith($" WRN It says {expected}\n"));
    }

    [Test]
    public void Texts_within_lists_and_objects_are_spelled_out_too()
    {
        var written = Written(log => Say(log, null, (string[])["one", "tw\no"])) + Written(log => Say(log, null, new { Name = "th\nree" }));

        Assert.That(written, Does.Match(@"tw\\+no").And.Contain(@"th\nree"));
        Assert.That(written.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2));
    }

    [Test]
    public void The_message_of_an_exception_does_not_pass_for_a_line_and_has_no_key()
    {
        var error = new InvalidOperationException($"one\n10:00:00.000 INF forged \u001b[31m {Key}", new ArgumentException("two\r\nthree"));

        var written = Written(log => Say(log, error, "so"));

        Assert.That(written.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), Has.All.StartsWith("    "));
        Assert.That(written, Does.Contain("InvalidOperationException: one").And.Contain("10:00:00.000 INF forged").And.Contain("three"));
        Assert.That(written.ToCharArray(), Does.Not.Contain('\u001b'));
        Assert.That(written, Does.Not.Contain(Key));
    }

    private static void Say(ILogger log, Exception? error, object what)
    {
#pragma warning disable CA1848 // As a library may write it.
        log.LogWarning(error, "It says {What}", what);
#pragma warning restore CA1848
    }

    private static string Written(Action<ILogger> write)
    {
        var before = Console.Out;
        using var written = new StringWriter { NewLine = "\n" };
        Console.SetOut(written);
        try
        {
            using var log = Logs.Create(new ConfigurationBuilder().Build(), new SecretPaths(), toStandardError: false);
            using var factory = Logs.Factory(log);
            write(factory.CreateLogger("Some.Library"));
        }
        finally
        {
            Console.SetOut(before);
        }

        return written.ToString();
    }
}
