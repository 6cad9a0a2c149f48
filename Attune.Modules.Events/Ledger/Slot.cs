using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Ledger;

/// <summary>What becomes of one entry in one transaction.</summary>
internal sealed class Slot(Entry entry, int call, int place)
{
    public Entry Entry { get; } = entry;

    /// <summary>The number of its call.</summary>
    public int Call { get; } = call;

    /// <summary>Its number in that call.</summary>
    public int Place { get; } = place;

    public TriggerFact? Trigger { get; set; }

    public long Id { get; set; }

    /// <summary>Its key; where another event has that, one that only the same event again has.</summary>
    public EventKey? Key { get; private set; } = entry.Key;

    /// <summary>The other event that has its key.</summary>
    public long? ConflictsWith { get; private set; }

    /// <summary>Its config, with the mark of a key that another event has.</summary>
    public JsonElement? Config => ConflictsWith is { } other ? KeyMark.Add(Entry.Given.Config, other) : Entry.Given.Config;

    /// <summary>The earlier event that has its key.</summary>
    public KeptKey? Earlier { get; set; }

    /// <summary>The entry of this transaction that has the same key and came first.</summary>
    public Slot? SameAs { get; set; }

    public List<MatchedRule>? Matched { get; set; }

    public RefusedException? Refusal => Trigger switch
    {
        null => new(RefusalKind.NotFound, $"{Entry.Place}trigger_ref", $"{Which}Trigger '{Entry.Given.TriggerRef}' not found"),
        { Enabled: false } => new(RefusalKind.Conflict, $"{Entry.Place}trigger_ref",
            $"{Which}Trigger '{Entry.Given.TriggerRef}' is disabled: it takes no events until it is enabled"),
        _ => null,
    };

    /// <summary>Marks the event: it is written although another one has its key.</summary>
    public void Mark(long other)
    {
        ConflictsWith = other;
        Key = Key!.Value with { Key = $"{Key.Value.Key} sha256:{Convert.ToHexStringLower(Entry.Digest!)}" };
    }

    public RefusedException KeyRefusal(long other) => RefusedException.Invalid(
        $"{Entry.Place}key",
        $"{Which}The key '{StorableText.Excerpt(Entry.Key!.Value.Key)}' is that of another event, {other}: nothing was written.");

    private string Which => Entry.Place.Length == 0 ? "" : $"{Entry.Place.TrimEnd('.')}: ";

    public AppendedEvent Answer(DateTimeOffset created) => this switch
    {
        { Earlier: { } earlier } => new() { Id = earlier.Event, Created = earlier.EventCreated, IsDuplicate = true },
        { SameAs: { } first } => first.Answer(created) with { IsDuplicate = true, Trigger = null, Matched = [], ConflictsWith = null },
        _ => new() { Id = Id, Created = created, Trigger = Trigger!.Id, Matched = Matched ?? [], ConflictsWith = ConflictsWith },
    };
}

/// <summary>A trigger, as a transaction sees it.</summary>
internal sealed record TriggerFact
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public required bool Enabled { get; init; }
}

/// <summary>A key that an earlier event holds.</summary>
internal sealed record KeptKey
{
    public required string Source { get; init; }
    public required string Key { get; init; }
    public required long Event { get; init; }
    public required DateTimeOffset EventCreated { get; init; }

    /// <summary>The digest of what the event says; null where it was claimed before digests were kept.</summary>
    public byte[]? Digest { get; init; }
}
