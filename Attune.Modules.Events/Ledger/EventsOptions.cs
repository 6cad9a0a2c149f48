using Attune.Db;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events;

/// <summary>The configuration section <c>Events</c>.</summary>
public sealed class EventsOptions
{
    public const string Section = "Events";

    /// <summary>The key of <see cref="MaxPayloadBytes"/>, for messages that name it.</summary>
    public const string MaxPayloadBytesKey = $"{Section}:{nameof(MaxPayloadBytes)}";

    public const int SmallestPayloadLimit = 1024;
    public const int LargestPayloadLimit = 8 * 1024 * 1024;

    /// <summary>
    /// The most bytes of UTF-8 that the payload of one event may have, and its config, and the body of a request that brings
    /// one; between 1 KiB and 8 MiB.
    /// </summary>
    [SettingRange(SmallestPayloadLimit, LargestPayloadLimit, ErrorMessage = $"{MaxPayloadBytesKey} must be between {{1}} and {{2}}.")]
    public int MaxPayloadBytes { get; set; } = 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class EventsOptionsValidator : IValidateOptions<EventsOptions>;
