using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Triggers;

/// <summary>Writes the settings of a webhook from what is typed (<see cref="TriggerDraft"/>).</summary>
internal static class WebhookDraft
{
    private const string Proof = "verification";

    /// <summary>The settings as the module takes them: a section that is null goes, and one that is not mentioned stays.</summary>
    public static JsonElement Of(TriggerDraft draft)
    {
        var settings = new JsonObject
        {
            ["payload_size_limit_kb"] = Number(draft.SizeKb),
            ["rate_limit"] = draft.LimitsRate
                ? new JsonObject { ["enabled"] = true, ["requests"] = Number(draft.Requests), ["window_seconds"] = Number(draft.WindowSeconds) } : null,
            ["ip_whitelist"] = draft.LimitsAddresses ? new JsonObject { ["enabled"] = true, ["ips"] = Lines(draft.Addresses) } : null,
            ["answer"] = draft.Answers ? Answer(draft) : null,
            ["idempotency"] = Idempotency(draft),
        };

        // With the same sender, what else is asked of it stays as it is.
        if (draft.Sender.Scheme == "signature")
        {
            settings["hmac"] = Secretly(draft, new JsonObject { ["enabled"] = true, ["algorithm"] = draft.Algorithm });
        }
        else if (!draft.IsStoredSender)
        {
            settings["hmac"] = null;
        }

        if (draft.Sender.Scheme is not (null or "signature"))
        {
            settings[Proof] = Verification(draft);
        }
        else if (!draft.IsStoredSender)
        {
            settings[Proof] = null;
        }

        if (draft.VerifyToken.Length > 0)
        {
            settings["handshake"] = new JsonObject { ["sender"] = "meta", ["token"] = draft.VerifyToken };
        }
        else if (!draft.IsStoredSender)
        {
            settings["handshake"] = draft.Sender.Settings.TryGetProperty("handshake", out var asked) ? JsonNode.Parse(asked.GetRawText()) : null;
        }

        return JsonSerializer.SerializeToElement(settings, Db.Json.Options);
    }

    private static JsonObject Verification(TriggerDraft draft)
    {
        var proof = draft.IsStoredSender && draft.Sender.Fields.Count == 0 && draft.Stored.Verification is { } kept
            ? JsonSerializer.SerializeToNode(kept, Db.Json.Options)!.AsObject()
            : JsonNode.Parse(draft.Sender.Settings.GetProperty(Proof).GetRawText())!.AsObject();
        proof.Remove("has_secret");
        proof.Remove("has_previous_secret");
        proof["enabled"] = true;
        foreach (var (name, value) in draft.Fields.Where(field => field.Value.Length > 0))
        {
            proof[name] = name == "tolerance_seconds" ? Number(value) : value;
        }

        return Secretly(draft, proof, draft.Sender.Scheme == "basic" ? "password" : "secret");
    }

    private static JsonObject Secretly(TriggerDraft draft, JsonObject proof, string field = "secret")
    {
        if (draft.Secret.Length > 0)
        {
            proof[field] = draft.Secret;
        }

        return proof;
    }

    private static JsonObject? Idempotency(TriggerDraft draft)
    {
        var headers = draft.Stored.Idempotency?.Headers;
        var path = AddressQuery.ParseText(draft.PayloadPath);
        return headers is null && path is null ? null : new JsonObject
        {
            ["headers"] = headers is null ? null : new JsonArray([.. headers.Select(header => (JsonNode)header)]), ["payload_path"] = path,
        };
    }

    private static JsonObject Answer(TriggerDraft draft) => draft.AnswerBody.Length == 0
        ? new() { ["status"] = Number(draft.AnswerStatus) }
        : new() { ["status"] = Number(draft.AnswerStatus), ["body"] = draft.AnswerBody, ["content_type"] = draft.AnswerType };

    // What is no number is given as it is, and refused in the module's words.
    private static JsonNode? Number(string text) => text.Trim() switch
    {
        "" => null,
        { } typed when long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        { } typed => typed,
    };

    private static JsonArray Lines(string text) => new(
    [
        .. text.Split(['\n', ',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (JsonNode)line),
    ]);
}
