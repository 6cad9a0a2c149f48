using Serilog.Core;
using Serilog.Events;

namespace Attune.Host.Telemetry;

/// <summary>Keeps the keys of webhooks out of every log line, those of the framework included, which name the address of a request.</summary>
internal sealed class SecretsMask : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties.ToList())
        {
            if (value is ScalarValue { Value: string text } && SecretPaths.Masked(text) is var masked && masked != text)
            {
                logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(masked)));
            }
        }
    }
}
