using System.Diagnostics;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>
/// The real host and a real browser: the machine's Chromium, else Playwright's own, else a package where that is allowed.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Self)]
public abstract class BrowserTest
{
    private static readonly string[] Programs =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    // Chromium looks for services of its maker's unless it is told not to.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly List<string> _complaints = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private RunningHost? _running;

    private protected ApiClient Api => _running!.Api;

    private protected RunningHost Running => _running!;

    /// <summary>Where the browser finds the host.</summary>
    protected virtual string Address => Running.Address;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync(_playwright);
        _running = await RunningHost.StartAsync(DatabaseEngine.Native);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }
    }

    /// <summary>Opens a page in a window of its own and waits until it is live.</summary>
    protected async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await NewPageAsync(width, height, scheme);
        await GoAsync(page, path);
        return page;
    }

    /// <summary>A window of its own with nothing in it yet; what fails to load in it is noted.</summary>
    protected async Task<IPage> NewPageAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        _complaints.Clear();
        page.Console += (_, message) => Complain(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"script: {error}");
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Status}: {response.Url}");
        page.Request += (_, request) => Complain(
            request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(Address, StringComparison.Ordinal),
            $"outside: {request.Url}");
        return page;
    }

    /// <summary>Goes to a page as if its address had been typed, and waits until it is live.</summary>
    protected async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(Address + path);
        await page.Locator(".frame.live main h1").First.WaitForAsync();
    }

    /// <summary>Nothing failed to load, no script complained, and nothing came from elsewhere.</summary>
    protected void NothingComplained()
    {
        lock (_complaints)
        {
            Assert.That(_complaints, Is.Empty);
        }
    }

    private static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program)
        {
            return Install() is null && Programs.FirstOrDefault(File.Exists) is { } installed
                ? await WithAsync(installed)
                : await WithAsync(null);
        }

        return await WithAsync(program);

        Task<IBrowser> WithAsync(string? executable) =>
            playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Arguments });
    }

    // Null when the browser is there now, whichever way; else the test says why it is not.
    private static string? Install()
    {
        if (Microsoft.Playwright.Program.Main(["install", "chromium"]) == 0)
        {
            return "installed by Playwright";
        }

        if (OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/apt-get"))
        {
            using var install = Process.Start("/bin/sh", ["-c", "apt-get update -qq && apt-get install -y -qq chromium >/dev/null"]);
            install.WaitForExit();
            if (install.ExitCode == 0)
            {
                return null;
            }
        }

        const string reason = "No browser: Chromium is not on this machine, and could not be installed. Install it (apt install chromium).";
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
        return reason;
    }

    private void Complain(bool really, string what)
    {
        if (really)
        {
            lock (_complaints)
            {
                _complaints.Add(what);
            }
        }
    }
}
