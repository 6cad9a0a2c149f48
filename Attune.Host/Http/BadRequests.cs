using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Host.Http;

/// <summary>Says in the caller's words what ASP.NET Core could not bind; its own words name types that the caller does not know.</summary>
internal static partial class BadRequests
{
    private const string NoBody = "Implicit body inferred";

    public static ApiError Explain(BadHttpRequestException error)
    {
        if (error.InnerException is JsonException json)
        {
            return Explain(json);
        }

        if (error.Message.StartsWith(NoBody, StringComparison.Ordinal))
        {
            return new(error.StatusCode, "The body must be a JSON object; there was none.");
        }

        var parameter = Parameter().Match(error.Message);
        return error.StatusCode == StatusCodes.Status400BadRequest && parameter.Success
            ? new(error.StatusCode, $"{Snake(parameter)} cannot be read from '{Shown(parameter.Groups["text"].Value)}'.", Snake(parameter))
            : new(error.StatusCode, error.Message);
    }

    /// <summary>Text that is no JSON is malformed; JSON of another shape than the route takes is invalid.</summary>
    private static ApiError Explain(JsonException json)
    {
        var field = json.Path is { Length: > 2 } path ? path[2..] : null;
        if (json.InnerException?.GetType().Name == "JsonReaderException")
        {
            return new(StatusCodes.Status400BadRequest, $"The body is not JSON that can be read: {Sentence(json.InnerException.Message)}", field);
        }

        var missing = Missing().Matches(json.Message);
        return missing.Count > 0
            ? new(StatusCodes.Status422UnprocessableEntity, $"{string.Join(", ", missing.Select(name => name.Groups[1].Value))} must be given.",
                missing[0].Groups[1].Value)
            : new(StatusCodes.Status422UnprocessableEntity, $"{field ?? "The body"} has a value that is not of the kind expected there.", field);
    }

    private static string Snake(Match parameter) => JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Groups["name"].Value);

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;

    // "… LineNumber: 0 | BytePositionInLine: 5." counts from nought; the sentence before it says enough.
    private static string Sentence(string message) => message.Split(" LineNumber:")[0];

    [GeneratedRegex("""^Failed to bind parameter "[^"]*?(?<name>\w+)" from "(?<text>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Parameter();

    [GeneratedRegex("(?<=missing required properties including:.*)'([^']+)'")]
    private static partial Regex Missing();
}
