using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Results, in the one shape that all of them have.</summary>
internal static class ExecutionResult
{
    public static string Succeeded(JsonElement? data, TimeSpan? took = null) => Text(null, data, took);

    public static string Failed(string error, JsonElement? data = null, TimeSpan? took = null) => Text(error, data, took);

    private static string Text(string? error, JsonElement? data, TimeSpan? took) => RenderedJson.Text(writer =>
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

        if (took is { } time)
        {
            writer.WriteNumber("duration_ms", (long)time.TotalMilliseconds);
        }

        writer.WriteEndObject();
    });
}
