using Serilog.Core;
using Serilog.Events;

namespace Attune.Host.Telemetry;

/// <summary>
/// Makes safe what comes from elsewhere into a line, whoever writes it, the framework included: secrets in addresses are masked, and
/// characters that would begin another line or steer a terminal are written as escapes.
/// </summary>
internal sealed class SafeLines(SecretPaths secrets) : ILogEventEnricher
{
    /// <summary>The property with the exception; what Serilog itself would print of it has the raw messages.</summary>
    public const string Fault = "Fault";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties.ToList())
        {
            if (Safe(value) is var safe && !ReferenceEquals(safe, value))
            {
                logEvent.AddOrUpdateProperty(new(name, safe));
            }
        }

        if (logEvent.Exception is { } error)
        {
            logEvent.AddOrUpdateProperty(new(Fault, new ScalarValue(Lines(error.ToString()))));
        }
    }

    // Indented, so that no line of a message passes for a line of the log.
    private string Lines(string text) =>
        string.Concat(text.Split('\n').Select(line => $"    {Safe(line.TrimEnd('\r'))}{Environment.NewLine}"));

    private string Safe(string text) => ControlCharacters.Escaped(secrets.Masked(text));

    private LogEventPropertyValue Safe(LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: string or char or Uri } scalar:
                var text = scalar.Value.ToString()!;
                return Safe(text) is var safe && safe == text ? value : new ScalarValue(safe);
            case SequenceValue sequence:
                return new SequenceValue(sequence.Elements.Select(Safe));
            case StructureValue structure:
                return new StructureValue(
                    structure.Properties.Select(property => new LogEventProperty(property.Name, Safe(property.Value))), structure.TypeTag);
            case DictionaryValue dictionary:
                return new DictionaryValue(dictionary.Elements.Select(
                    one => KeyValuePair.Create((ScalarValue)Safe(one.Key), Safe(one.Value))));
            default:
                return value;
        }
    }
}
