using System.Globalization;
using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Executions;

/// <summary>What went wrong with an execution, as far as its result says it.</summary>
/// <param name="Message">What its action, its worker or Attune said.</param>
/// <param name="Kind">What sort of error it is; null where nothing says it.</param>
/// <param name="Place">Where it happened, such as an address, a field or a file with its line; null where nothing says it.</param>
/// <param name="Trace">The calls that led there, line by line.</param>
public sealed record ExecutionFailure(string Message, string? Kind, string? Place, string? Trace)
{
    private static readonly string[] Kinds = ["kind", "type", "error_type", "code", "error_code", "status_code", "exit_code"];
    private static readonly string[] Places = ["place", "where", "at", "field", "path", "url"];
    private static readonly string[] Traces = ["stack", "stack_trace", "stacktrace", "traceback", "trace", "stderr"];
    private static readonly string[] Messages = ["message", "error", "detail", "title"];

    /// <summary>Null for an execution that did not fail.</summary>
    public static ExecutionFailure? Of(Execution execution)
    {
        if (execution.Status is not (ExecutionStatus.Failed or ExecutionStatus.Timeout or ExecutionStatus.Abandoned))
        {
            return null;
        }

        var result = execution.Result;
        var error = Member(result, "error") ?? Member(result, "message");
        var parts = new[] { error, Member(result, "data"), result };
        var message = error is { ValueKind: JsonValueKind.Object }
            ? First([error], Messages) ?? error.Value.GetRawText()
            : Text(error) ?? First(parts, Messages);
        return new(message ?? "Nothing was said of why.", First(parts, Kinds), PlaceOf(parts), First(parts, Traces));
    }

    private static string? PlaceOf(JsonElement?[] parts) => First(parts, ["file"]) is { } file
        ? First(parts, ["line"]) is { } line ? $"{file}:{line}" : file
        : First(parts, Places);

    private static string? First(IEnumerable<JsonElement?> parts, string[] names) => parts
        .SelectMany(part => names.Select(name => Text(Member(part, name))))
        .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    private static JsonElement? Member(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : number.GetRawText(),
        _ => null,
    };
}
