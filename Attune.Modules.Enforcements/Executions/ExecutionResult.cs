using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Results, in the one shape that all of them have.</summary>
internal static class ExecutionResult
{
    /// <param name="data">What it came to.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="isRepaired">Whether U+FFFD stands in it for what could not be stored; it then says so.</param>
    public static string Succeeded(JsonElement? data, TimeSpan? took = null, bool isRepaired = false) => Text(null, data, took, isRepaired);

    /// <inheritdoc cref="Succeeded" path="/param"/>
    public static string Failed(string error, JsonElement? data = null, TimeSpan? took = null, bool isRepaired = false) =>
        Text(error, data, took, isRepaired);

    private static string Text(string? error, JsonElement? data, TimeSpan? took, bool isRepaired) => RenderedJson.Text(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("succeeded", error is null);
        if (error is not null)
        {
            writer.WriteString("error", error.Replace('\0', '\uFFFD'));
        }

        if (data is { ValueKind: not JsonValueKind.Undefined } answer)
        {
            writer.WritePropertyName("data");
            answer.WriteTo(writer);
        }

        if (isRepaired)
        {
            writer.WriteBoolean("repaired", true);
        }

        if (took is { } time)
        {
            writer.WriteNumber("duration_ms", (long)time.TotalMilliseconds);
        }

        writer.WriteEndObject();
    });
}
