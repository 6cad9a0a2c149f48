using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Ledger;

/// <summary>An event that was checked and may be written.</summary>
internal sealed record Entry
{
    // Room for a source and for what it is the space of.
    private const int MaxKeySpaceBytes = StorableText.MaxNameBytes + 32;

    public required NewEvent Given { get; init; }

    /// <summary>Its number in a list; null when it is alone.</summary>
    public required int? Index { get; init; }

    /// <summary>The name space and the key; null without a key.</summary>
    public required EventKey? Key { get; init; }

    public required int Bytes { get; init; }

    /// <summary>The digest of what it says; null without a key.</summary>
    public required byte[]? Digest { get; init; }

    /// <summary>Where it stands in its call, such as <c>events[3].</c>; empty when it is alone.</summary>
    public string Place => PlaceOf(Index);

    /// <exception cref="RefusedException">A value cannot be stored; the field names the place.</exception>
    public static Entry Of(NewEvent given, int? index, int maxBytes)
    {
        try
        {
            return new()
            {
                Given = Checked(given),
                Index = index,
                Key = KeyOf(given),
                Bytes = Check(given.Payload, "payload", maxBytes) + Check(given.Config, "config", maxBytes),
                Digest = given.Key is null ? null : EventDigest.Of(given),
            };
        }
        catch (RefusedException refused) when (index is not null)
        {
            throw new RefusedException(refused.Kind, PlaceOf(index) + refused.Field, PlaceOf(index) + refused.Message);
        }
    }

    /// <summary>
    /// An event whose JSON came with the body of a request, which was looked at as a whole when it was read: only its length is left to
    /// check.
    /// </summary>
    /// <exception cref="RefusedException">A value cannot be stored; the field names the place.</exception>
    public static Entry OfBody(NewEvent given, int? index, int maxBytes) => new()
    {
        Given = Checked(given),
        Index = index,
        Key = KeyOf(given),
        Bytes = Length(given.Payload, "payload", maxBytes) + Length(given.Config, "config", maxBytes),
        Digest = given.Key is null ? null : EventDigest.Of(given),
    };

    private static string PlaceOf(int? index) =>
        index is null ? "" : string.Create(CultureInfo.InvariantCulture, $"events[{index}].");

    private static NewEvent Checked(NewEvent given)
    {
        if (string.IsNullOrEmpty(given.TriggerRef))
        {
            throw RefusedException.Invalid("trigger_ref", "trigger_ref must not be empty.");
        }

        StorableText.CheckName(given.TriggerRef, "trigger_ref");
        StorableText.CheckName(given.SourceRef, "source_ref");
        StorableText.CheckName(given.Target?.Ref, "rule_ref");
        return given;
    }

    private static EventKey? KeyOf(NewEvent given)
    {
        if (given.Key is null)
        {
            return null;
        }

        if (given.Key.Length == 0)
        {
            throw RefusedException.Invalid("key", "key must not be empty.");
        }

        StorableText.CheckName(given.Key, "key");
        StorableText.CheckName(given.KeySpace, "key_space", MaxKeySpaceBytes);
        return new(given.KeySpace ?? given.SourceRef ?? "", given.Key);
    }

    // An element that was never set is as good as none.
    private static int Check(JsonElement? json, string place, int maxBytes) =>
        json is { ValueKind: not JsonValueKind.Undefined } value
            ? StorableJson.CheckPayload(value, place, maxBytes, EventsOptions.MaxPayloadBytesKey)
            : 0;

    private static int Length(JsonElement? json, string place, int maxBytes) =>
        json is { ValueKind: not JsonValueKind.Undefined } value
            ? StorableJson.CheckLength(value, place, maxBytes, EventsOptions.MaxPayloadBytesKey)
            : 0;
}

/// <summary>An idempotency key in its name space.</summary>
internal readonly record struct EventKey(string Space, string Key);
