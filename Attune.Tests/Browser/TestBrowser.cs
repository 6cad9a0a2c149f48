using System.Diagnostics;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>The machine's Chromium, else Playwright's own, else a package where that is allowed.</summary>
internal static class TestBrowser
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

    /// <summary>Launches it. The test is skipped where there is none and may be none.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        // Null is Playwright's own.
        var program = Programs.FirstOrDefault(File.Exists) ?? (Install() is null ? Programs.FirstOrDefault(File.Exists) : null);
        return playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Arguments });
    }

    // Null when a package was installed.
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
}
