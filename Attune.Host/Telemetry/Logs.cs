using System.Globalization;
using Attune.Host.Starting;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Attune.Host.Telemetry;

/// <summary>Where log lines go: the console, one line each. Levels come from the section <c>Serilog</c>.</summary>
internal static class Logs
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{" + SafeLines.Fault + ":l}";

    // It begins a scope and an activity with every request, for lines that are not written.
    private const string RequestLog = "Microsoft.AspNetCore.Hosting.Diagnostics";

    // Why a host does not start is thrown as well, and said once, in words. What a health check finds is told to whoever asks, who may
    // ask every few seconds; that it broke is logged.
    private static readonly string[] SaidElsewhere = ["Hosting failed to start", "Health check {HealthCheckName} with status"];

    /// <param name="configuration">The settings.</param>
    /// <param name="secrets">What no line may say.</param>
    /// <param name="toStandardError">Leave standard output to what the verb prints.</param>
    public static Logger Create(IConfiguration configuration, SecretPaths secrets, bool toStandardError)
    {
        try
        {
            return new LoggerConfiguration()
                .ReadFrom.Configuration(configuration)
                .Enrich.With(new SafeLines(secrets))
                .Filter.ByExcluding(line => SaidElsewhere.Any(line.MessageTemplate.Text.StartsWith))
                .WriteTo.Console(
                    outputTemplate: Template,
                    formatProvider: CultureInfo.InvariantCulture,
                    standardErrorFromLevel: toStandardError ? LogEventLevel.Verbose : null)
                .CreateLogger();
        }
        catch (InvalidOperationException wrong)
        {
            throw new StartException($"The section Serilog of the settings cannot be used: {wrong.Message}", wrong);
        }
    }

    // As one of the framework's providers: its factory keeps the logger of a category, where Serilog's own makes another with each request.
    public static IServiceCollection AddLogs(this IServiceCollection services, Logger log) => services.AddLogging(logging => logging
        .ClearProviders()
        .SetMinimumLevel(LogLevel.Trace)
        .AddSerilog(log)
        .AddFilter(RequestLog, LogLevel.None));

    public static SerilogLoggerFactory Factory(Logger log) => new(log);
}
