using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>The name of one value, as templates use it.</summary>
/// <param name="Root">Where it begins.</param>
/// <param name="Path">How it goes on.</param>
/// <param name="Number">Its number among those of the template: one that is named twice is looked up once.</param>
internal sealed record TemplateReference(TemplateRoot Root, JsonPath Path, int Number)
{
    public const string Known =
        "event, event.id, event.trigger, event.created, event.source_ref, event.payload, event.config, pack.config (the last three also "
        + "with a path), system.timestamp, system.rule.id and system.rule.ref";

    /// <summary>Whether it is known only once the event is written.</summary>
    public bool IsLate => Root is TemplateRoot.Event or TemplateRoot.Id or TemplateRoot.Created;

    /// <summary>Whether a sender decides what it says.</summary>
    public bool IsForeign => Root is TemplateRoot.Event or TemplateRoot.Payload or TemplateRoot.Config or TemplateRoot.SourceRef;

    /// <summary>What it names; null when nothing is there.</summary>
    /// <param name="scope">The event and the rule.</param>
    /// <param name="written">What the event has since it was written; null before that, when nothing late may be asked.</param>
    public JsonElement? Find(TemplateScope scope, WrittenFacts? written) => Root switch
    {
        TemplateRoot.Payload => Path.Find(scope.Facts.Payload, scope.Budget),
        TemplateRoot.Config => Path.Find(scope.Facts.Config, scope.Budget),
        TemplateRoot.PackConfig => Path.Find(scope.PackConfig, scope.Budget),
        TemplateRoot.SourceRef => scope.Facts.SourceRef is { } source ? JsonSerializer.SerializeToElement(source) : null,
        TemplateRoot.Trigger => JsonSerializer.SerializeToElement(scope.Facts.TriggerRef),
        TemplateRoot.RuleId => JsonSerializer.SerializeToElement(scope.RuleId),
        TemplateRoot.RuleRef => JsonSerializer.SerializeToElement(scope.RuleRef),
        TemplateRoot.Id => JsonSerializer.SerializeToElement(written!.Value.Id),
        TemplateRoot.Created => JsonSerializer.SerializeToElement(EventInstants.Text(written!.Value.Created)),
        _ => JsonSerializer.SerializeToElement(Whole(scope.Facts, written!.Value)),
    };

    private static JsonObject Whole(EventFacts facts, WrittenFacts written) => new()
    {
        ["id"] = written.Id,
        ["trigger"] = facts.TriggerRef,
        ["payload"] = facts.Payload is { ValueKind: not JsonValueKind.Undefined } payload ? JsonSerializer.SerializeToNode(payload) : null,
        ["created"] = EventInstants.Text(written.Created),
    };
}

/// <summary>Where a name begins.</summary>
internal enum TemplateRoot
{
    Event,
    Id,
    Created,
    Trigger,
    SourceRef,
    Payload,
    Config,
    PackConfig,
    RuleId,
    RuleRef,
}

/// <summary>The names of one template, each once.</summary>
internal sealed class TemplateReferences
{
    // A rule is evaluated as part of the append, so its instant is the event's.
    private static readonly (string Text, TemplateRoot Root)[] Plain =
    [
        ("event", TemplateRoot.Event), ("event.id", TemplateRoot.Id), ("event.created", TemplateRoot.Created),
        ("event.trigger", TemplateRoot.Trigger), ("event.source_ref", TemplateRoot.SourceRef), ("system.timestamp", TemplateRoot.Created),
        ("system.rule.id", TemplateRoot.RuleId), ("system.rule.ref", TemplateRoot.RuleRef),
    ];

    private static readonly (string Text, TemplateRoot Root)[] WithPath =
    [
        ("event.payload", TemplateRoot.Payload), ("event.config", TemplateRoot.Config), ("pack.config", TemplateRoot.PackConfig),
    ];

    private readonly Dictionary<string, TemplateReference> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    public bool ReadsOutside => _known.Values.Any(one => one.Root is TemplateRoot.Config or TemplateRoot.SourceRef);

    /// <summary>Reads a name that begins at a character, and says where it ends; null when there is no such name.</summary>
    public TemplateReference? TryRead(string text, int start, out int end, out PathMistake mistake)
    {
        foreach (var (name, root) in WithPath)
        {
            var at = start + name.Length;
            if (string.CompareOrdinal(text, start, name, 0, name.Length) == 0
                && (at == text.Length || !PathText.IsBareCharacter(text[at])))
            {
                if (PathText.TryRead(text, at, isContinued: true, isBare: true, out mistake) is not { } read)
                {
                    end = start;
                    return null;
                }

                end = read.End;
                var path = new JsonPath(root == TemplateRoot.Config ? FieldPath.OfConfig(read.Steps) : read.Steps);
                mistake = path.HasEach ? new(at, "[*] leads to many values: name the list, and use map, join or first") : default;
                return path.HasEach ? null : Kept(root, path);
            }
        }

        end = start;
        while (end < text.Length && (PathText.IsBareCharacter(text[end]) || text[end] == '.'))
        {
            end++;
        }

        var whole = text[start..end];
        mistake = default;
        return Array.Find(Plain, one => one.Text == whole) is { Text: not null } plain ? Kept(plain.Root, new([])) : null;
    }

    private TemplateReference Kept(TemplateRoot root, JsonPath path)
    {
        var name = $"{root}:{path}";
        if (!_known.TryGetValue(name, out var kept))
        {
            _known[name] = kept = new(root, path, _known.Count);
        }

        return kept;
    }
}
