using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>The real host and a real browser.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Self)]
public abstract class BrowserTest
{
    private readonly List<string> _complaints = [];
    private readonly List<IBrowserContext> _opened = [];
    private int _openedBefore;
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
        _browser = await TestBrowser.LaunchAsync(_playwright);
        _running = await RunningHost.StartAsync(DatabaseEngine.Native);
    }

    [SetUp]
    public void Count() => _openedBefore = _opened.Count;

    /// <summary>A page that a failed test left open would go on beside the next ones.</summary>
    [TearDown]
    public async Task CloseAsync()
    {
        foreach (var context in _opened[_openedBefore..])
        {
            await context.CloseAsync();
        }

        _opened.RemoveRange(_openedBefore, _opened.Count - _openedBefore);
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

    /// <summary>
    /// A window of its own with nothing in it yet; what fails to load in it is noted. Unless it is a first visit, text has its letters
    /// from the beginning, so that nothing moves when they come.
    /// </summary>
    protected async Task<IPage> NewPageAsync(
        int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool isFirstVisit = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        _opened.Add(context);
        context.SetDefaultTimeout(30_000);
        if (!isFirstVisit)
        {
            await context.AddInitScriptAsync("try { localStorage.setItem('attune.fonts', 'here'); } catch { }");
        }

        var page = await context.NewPageAsync();
        Quiet();
        page.Console += (_, message) => Complain(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"script: {error}");
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Status}: {response.Url}");
        page.Request += (_, request) => Complain(
            request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(Address, StringComparison.Ordinal),
            $"outside: {request.Url}");
        return page;
    }

    /// <summary>No socket is opened by what a page loads from now on.</summary>
    protected static Task RefuseSocketsAsync(IPage page) => page.AddInitScriptAsync("""
        const Real = WebSocket;
        window.WebSocket = class extends Real {
          constructor(address, protocols) {
            super(address.replace('_blazor', '_nowhere'), protocols);
          }
        };
        """);

    /// <summary>Goes to a page as if its address had been typed, and waits until it is live.</summary>
    protected async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(Address + path);
        await page.Locator(".frame.live main h1").First.WaitForAsync();
    }

    /// <summary>Forgets what was complained of so far.</summary>
    protected void Quiet()
    {
        lock (_complaints)
        {
            _complaints.Clear();
        }
    }

    /// <summary>Waits until the address is this one. Asked again and again: what a script pushes is not always told as a navigation.</summary>
    protected Task ArrivesAsync(IPage page, string path) =>
        Assertions.Expect(page).ToHaveURLAsync(Address + path, new() { Timeout = 30_000 });

    /// <summary>Nothing failed to load, no script complained, and nothing came from elsewhere.</summary>
    protected void NothingComplained()
    {
        lock (_complaints)
        {
            Assert.That(_complaints, Is.Empty);
        }
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
