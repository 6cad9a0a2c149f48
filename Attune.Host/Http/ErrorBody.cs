using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Http;

namespace Attune.Host.Http;

/// <summary>The one shape of an error.</summary>
internal sealed record ErrorBody(
    string Error,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ErrorDetails? Details);

/// <summary>Where in the request the error is.</summary>
internal sealed record ErrorDetails(string Field)
{
    /// <summary>The line of the field's text, from 1; left out where the mistake has no place in a text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    /// <summary>The character of the line, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Column { get; init; }
}

/// <summary>An error as it is answered.</summary>
internal sealed record ApiError(int Status, string Message, string? Field = null)
{
    /// <summary>Where in the field's text the mistake is.</summary>
    public TextPlace? At { get; init; }

    public ErrorBody Body => new(
        Message, Code(Status), Field is null ? null : new ErrorDetails(Field) { Line = At?.Line, Column = At?.Column });

    public static ApiError Of(RefusedException refused) => new(
        RefusalStatus.Of(refused.Kind),
        refused.Message,
        refused.Field)
    {
        At = refused.At,
    };

    private static string Code(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "BAD_REQUEST",
        StatusCodes.Status401Unauthorized => "UNAUTHORIZED",
        StatusCodes.Status403Forbidden => "FORBIDDEN",
        StatusCodes.Status404NotFound => "NOT_FOUND",
        StatusCodes.Status405MethodNotAllowed => "METHOD_NOT_ALLOWED",
        StatusCodes.Status409Conflict => "CONFLICT",
        StatusCodes.Status413PayloadTooLarge => "PAYLOAD_TOO_LARGE",
        StatusCodes.Status415UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
        StatusCodes.Status422UnprocessableEntity => "VALIDATION_ERROR",
        StatusCodes.Status429TooManyRequests => "TOO_MANY_REQUESTS",
        StatusCodes.Status503ServiceUnavailable => "SERVICE_UNAVAILABLE",
        < 500 => "BAD_REQUEST",
        _ => "INTERNAL_SERVER_ERROR",
    };
}
