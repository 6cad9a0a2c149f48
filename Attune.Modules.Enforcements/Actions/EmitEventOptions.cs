using Attune.Db;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>Actions:EmitEvent</c>: what the action <c>core.emit_event</c> may do.</summary>
public sealed class EmitEventOptions
{
    public const string Section = "Actions:EmitEvent";

    public const int LargestDepth = 1_000;

    /// <summary>
    /// How many events in a row may come of one another, each emitted by an action that the one before it led to; 1 to 1,000. The next
    /// is refused: rules that call each other in a circle come to an end.
    /// </summary>
    [SettingRange(1, LargestDepth, ErrorMessage = $"{Section}:{nameof(MaxDepth)} must be between {{1}} and {{2}}.")]
    public int MaxDepth { get; set; } = 10;
}

[OptionsValidator]
internal sealed partial class EmitEventOptionsValidator : IValidateOptions<EmitEventOptions>;
