namespace Attune.Db;

/// <summary>Why a call was refused; the HTTP status that says the same is noted with each.</summary>
public enum RefusalKind
{
    /// <summary>The request cannot be read (400).</summary>
    Malformed,

    /// <summary>The secret or signature is missing or wrong (401).</summary>
    Unauthenticated,

    /// <summary>The caller may not do this (403).</summary>
    Forbidden,

    /// <summary>What the call names does not exist (404).</summary>
    NotFound,

    /// <summary>What the call would make exists, or its state does not allow the call (409).</summary>
    Conflict,

    /// <summary>More bytes than are taken (413).</summary>
    TooLarge,

    /// <summary>A body of a kind, or packed in a way, that is not taken (415).</summary>
    Unsupported,

    /// <summary>More calls than are taken in some time (429).</summary>
    TooMany,

    /// <summary>Readable, but a value is not one that can be accepted (422).</summary>
    Invalid,
}

/// <summary>
/// The caller's input cannot be accepted, and nothing was changed. Thrown by the modules alike for callers in the process
/// and over HTTP, where the host turns it into the one error shape.
/// </summary>
/// <param name="kind">What sort of refusal it is.</param>
/// <param name="field">The place in the input, such as <c>conditions[2].operator</c>; null when it is the whole.</param>
/// <param name="message">What is wrong and what was expected, for a person to read.</param>
public sealed class RefusedException(RefusalKind kind, string? field, string message) : Exception(message)
{
    public RefusalKind Kind { get; } = kind;

    public string? Field { get; } = field;

    /// <summary>Where in the field's text the mistake is; null when it is the whole, or the field is no text that is read.</summary>
    public TextPlace? At { get; init; }

    /// <summary>How long to wait before the call may succeed; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RefusedException NotFound(string message) => new(RefusalKind.NotFound, null, message);

    public static RefusedException Invalid(string field, string message) => new(RefusalKind.Invalid, field, message);
}
