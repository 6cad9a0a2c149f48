using System.Globalization;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>What templates can name while one event is matched by one rule.</summary>
internal sealed record TemplateScope
{
    public required long EventId { get; init; }
    public required string TriggerRef { get; init; }
    public required DateTimeOffset Created { get; init; }
    public JsonElement? Payload { get; init; }
    public required long RuleId { get; init; }
    public required string RuleRef { get; init; }

    /// <summary>The configuration of the rule's pack.</summary>
    public JsonElement? PackConfig { get; init; }

    /// <summary>The event's <c>created</c> as RFC 3339 text.</summary>
    public string CreatedText => Created.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
