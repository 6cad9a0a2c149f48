using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What a page says of its connection, when the host or the network goes away under it.</summary>
public sealed partial class ConnectionTests : BrowserTest
{
    // As long as a page may go on to call itself live when the network swallows everything.
    private const float LongestLie = 30_000;

    private CuttableLine _line = null!;

    protected override string Address => _line.Address;

    [OneTimeSetUp]
    public void Connect() => _line = new CuttableLine(Running.Address);

    [OneTimeTearDown]
    public ValueTask DisconnectAsync() => _line.DisposeAsync();

    [SetUp]
    public void Mend() => _line.Mend(Running.Address);

    [Test]
    public async Task A_page_whose_host_is_killed_says_nowhere_that_it_is_live_and_comes_back_by_itself()
    {
        var page = await OpenAsync("/events");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync(Live(), new() { UseInnerText = true });

        _line.Kill();

        await Assertions.Expect(Notice(page)).ToContainTextAsync(LostSince(), new() { UseInnerText = true });
        await Assertions.Expect(page.Locator("body")).Not.ToContainTextAsync(Live(), new() { UseInnerText = true });
        await Assertions.Expect(Notice(page)).ToContainTextAsync(NextTry(), new() { UseInnerText = true });

        _line.Mend(Running.Address);

        await Assertions.Expect(Notice(page)).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync(Live(), new() { UseInnerText = true });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_page_is_loaded_anew_when_another_host_answers_that_does_not_know_it()
    {
        var page = await OpenAsync("/events?trigger=core.webhook");
        await page.EvaluateAsync("() => { window.before = true; }");
        await using var another = await Running.StartAnotherAsync();

        _line.Kill();
        await Assertions.Expect(Notice(page)).ToBeVisibleAsync();
        _line.Mend(another.Address);

        await page.WaitForFunctionAsync("() => !window.before && document.querySelector('main h1')");
        Assert.That(page.Url, Is.EqualTo($"{Address}/events?trigger=core.webhook"));
        await Assertions.Expect(Notice(page)).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_page_whose_network_swallows_everything_notices_by_the_silence()
    {
        var page = await OpenAsync("/events");

        _line.Silence();

        await Assertions.Expect(Notice(page)).ToBeVisibleAsync(new() { Timeout = LongestLie });
        await Assertions.Expect(page.Locator("body")).Not.ToContainTextAsync(Live(), new() { UseInnerText = true });
        _line.Mend(Running.Address);
        await Assertions.Expect(Notice(page)).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_line_that_lets_no_socket_through_is_got_along_without()
    {
        var page = await NewPageAsync();
        await RefuseSocketsAsync(page);

        await GoAsync(page, "/triggers");

        await Assertions.Expect(page.Locator(".frame.live main h1")).ToHaveTextAsync("Triggers");
        await page.Context.CloseAsync();
    }

    private static ILocator Notice(IPage page) => page.Locator("#connection-notice");

    [GeneratedRegex(@"\bLive\b")]
    private static partial Regex Live();

    [GeneratedRegex(@"Connection lost at \d\d:\d\d:\d\d; what is shown is from then\.")]
    private static partial Regex LostSince();

    [GeneratedRegex(@"Next try in \d+ s · Try now|Trying… · Try now")]
    private static partial Regex NextTry();
}
