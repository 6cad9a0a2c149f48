using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>What a test came to, and where that is unknown, why.</summary>
internal readonly record struct Tested(Verdict Verdict, UnknownReason Reason)
{
    public static Tested Of(bool holds) => new(Verdicts.Of(holds), UnknownReason.None);

    public static Tested Unknown(UnknownReason reason) => new(Verdict.Unknown, reason);

    public Tested Opposite() => this with { Verdict = Verdict.Opposite() };
}

/// <summary>Why a test is neither true nor false.</summary>
internal enum UnknownReason
{
    None,
    Missing,
    OtherMissing,
    OtherUnfit,
    TextWanted,
    NumberWanted,
    NumberOrTextWanted,
    ListOrTextWanted,
    ListWanted,
    InstantWanted,
    NumberTextWanted,
    PlainWanted,
    AddressWanted,
    EmptyWanted,
}

internal static class UnknownReasons
{
    /// <summary>Why, in words: <c>text, where a number is asked for</c>.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="actual">What is there; null when nothing is.</param>
    /// <param name="other">What the other path leads to, where it is compared with one.</param>
    public static string? Text(this UnknownReason reason, JsonElement? actual, JsonElement? other) => reason switch
    {
        UnknownReason.None => null,
        UnknownReason.Missing => "nothing is at this path",
        UnknownReason.OtherMissing => "nothing is at the other path",
        UnknownReason.OtherUnfit => $"{Kind(other)} at the other path, which is not what is compared with",
        _ => $"{Kind(actual)}, where {Wanted(reason)} is asked for",
    };

    public static string Kind(JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "object",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    private static string Wanted(UnknownReason reason) => reason switch
    {
        UnknownReason.TextWanted => "text",
        UnknownReason.NumberWanted => "a number",
        UnknownReason.NumberOrTextWanted => "a number or text",
        UnknownReason.ListOrTextWanted => "a list or text",
        UnknownReason.ListWanted => "a list",
        UnknownReason.InstantWanted => "an instant",
        UnknownReason.NumberTextWanted => "a number, or text that is one,",
        UnknownReason.PlainWanted => "text, a number, true or false",
        UnknownReason.AddressWanted => "an address",
        _ => "text, a list, an object or null",
    };
}
