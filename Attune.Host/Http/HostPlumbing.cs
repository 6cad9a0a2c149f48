using Attune.Db;
using Attune.Host.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;

namespace Attune.Host.Http;

/// <summary>What surrounds every request: headers, the guard, the one error shape.</summary>
internal static class HostPlumbing
{
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(5);

    /// <param name="services">Where to register.</param>
    /// <param name="dataDirectory">Where keys are kept from one start to the next; null for the place that ASP.NET Core chooses.</param>
    public static void AddHostPlumbing(this IServiceCollection services, string? dataDirectory)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        // What cannot be bound is an error of the caller's, and gets the same shape as every other.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        services.AddSingleton<RequestErrors>();
        services.AddSingleton<AddressMethods>();
        services.AddSingleton<ClosingTime>();
        services.AddSingleton<HeadAsGet>();
        services.AddSingleton<RequestGuard>();
        services.AddSingleton<BodyRules>();
        var protection = services.AddDataProtection().SetApplicationName("attune");
        if (dataDirectory is not null)
        {
            protection.PersistKeysToFileSystem(PrivateDirectory(Path.Combine(dataDirectory, "keys")));
        }
    }

    /// <param name="app">What is being put together.</param>
    /// <param name="proxies">Whose word is taken for the address and the scheme of a request; nobody else's.</param>
    public static void UseHostPlumbing(this WebApplication app, IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        TrustedProxies.Use(app, proxies);
        app.UseMiddleware<SecurityHeaders>();
        Use<RequestErrors>(app);
        Use<ClosingTime>(app);
        Use<HeadAsGet>(app);
        // Here, because the guard and the rules for bodies ask which route it is for.
        app.UseRouting();
        Use<RequestGuard>(app);
        Use<BodyRules>(app);
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.Use(PagesForReadersOnlyAsync);
        app.UseAntiforgery();
    }

    // They are singletons. The framework would ask for each of them again with every request, and make a scope for that.
    private static void Use<T>(WebApplication app)
        where T : class, IMiddleware
    {
        var middleware = app.Services.GetRequiredService<T>();
        app.Use(next => context => middleware.InvokeAsync(context, next));
    }

    // A page that is not there is a page; a program that asks for what is not there gets an answer for programs.
    private static Task PagesForReadersOnlyAsync(HttpContext context, RequestDelegate next)
    {
        if (!ErrorAnswer.IsForReader(context.Request) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }

        return next(context);
    }

    private static DirectoryInfo PrivateDirectory(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
