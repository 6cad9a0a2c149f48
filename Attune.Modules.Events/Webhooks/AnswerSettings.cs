using System.Text;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>answer</c>: what a sender is told when its event was taken, for those that insist on something.</summary>
internal sealed record AnswerSettings(int Status, string? Body, string? ContentType)
{
    private const int MostBytes = 4 * 1024;
    private const string Text = "text/plain";
    private const string Json = "application/json";

    // None that a browser shows as a page.
    private static readonly string[] Types = [Text, Json, "application/xml", "text/xml", "application/x-www-form-urlencoded"];

    /// <exception cref="RefusedException">It cannot be read, or is no answer to a delivery that was taken.</exception>
    public static AnswerSettings Parse(JsonElement json, string place)
    {
        var section = new ConfigSection(json, place, "status", "body", "content_type");
        var status = section.Number("status", 200, 299) ?? StatusCodes.Status200OK;
        var body = section.Value("body");
        var text = body is { ValueKind: JsonValueKind.String } ? body.Value.GetString()
            : body is { } value ? JsonSerializer.Serialize(value) : null;
        var type = section.Text("content_type");
        if (text is null)
        {
            return type is null ? new(status, null, null) : throw section.Wrong("content_type", "needs a body beside it");
        }

        if (status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent)
        {
            throw section.Wrong("body", $"cannot be sent with status {status}");
        }

        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            throw section.Wrong("body", $"must have at most {MostBytes} bytes");
        }

        type ??= body!.Value.ValueKind == JsonValueKind.String ? Text : Json;
        return Types.Contains(type)
            ? new(status, text, type) : throw section.Wrong("content_type", $"must be one of {string.Join(", ", Types)}");
    }

    /// <summary>What the sender of an event is answered.</summary>
    public static IResult Of(AnswerSettings? settings, WebhookReceipt receipt) => settings switch
    {
        { Body: { } body } => TypedResults.Text(body, settings.ContentType, Encoding.UTF8, settings.Status),
        { Status: StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent } => TypedResults.StatusCode(settings.Status),
        _ => TypedResults.Json(
            new Envelope<WebhookReceipt>(receipt), statusCode: settings?.Status ?? StatusCodes.Status200OK),
    };
}
