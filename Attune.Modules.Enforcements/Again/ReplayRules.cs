using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Matching;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Again;

/// <summary>Finds the rules that are asked when an event is sent again.</summary>
internal sealed class ReplayRules(NpgsqlDataSource database)
{
    private const string Select = """
        SELECT rule.id, rule.ref, rule.version, rule.trigger_ref, rule.condition, rule.conditions, rule.action_ref, rule.action_params,
               rule."window", rule.enabled, rule.shadow, rule.paused_at IS NOT NULL AS is_paused, pack.config AS pack_config
          FROM rule
          LEFT JOIN pack ON pack.id = rule.pack
        """;

    /// <summary>The chosen rules, by reference and each once.</summary>
    /// <param name="chosen">Their references, as they were given.</param>
    /// <param name="trigger">The trigger that they have to be on; null when that is not known yet.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RefusedException">One of them is not there, or is on another trigger; the field names its place.</exception>
    public async Task<IReadOnlyList<ReplayRule>> ChosenAsync(
        IReadOnlyList<string> chosen, string? trigger, CancellationToken cancellationToken)
    {
        const string sql = $"""
            {Select}
             WHERE rule.ref = ANY(@refs)
            """;

        if (chosen.Count is 0 or > EventReplay.MostRules)
        {
            throw RefusedException.Invalid(
                "rules", $"rules must name 1 to {EventReplay.MostRules} rules; left out, all of the trigger are asked.");
        }

        var refs = chosen.Where(reference => !string.IsNullOrEmpty(reference) && StorableText.IsStorable(reference)).ToArray();
        var found = (await ReadAsync(sql, new { refs }, cancellationToken)).ToDictionary(rule => rule.Ref, StringComparer.Ordinal);
        for (var i = 0; i < chosen.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"rules[{i}]");
            var rule = string.IsNullOrEmpty(chosen[i])
                ? throw RefusedException.Invalid(place, $"{place} must be the reference of a rule.")
                : found.GetValueOrDefault(chosen[i])
                    ?? throw new RefusedException(RefusalKind.NotFound, place, $"Rule '{Reference.Shown(chosen[i])}' not found");
            if (trigger is not null && rule.TriggerRef != trigger)
            {
                throw RefusedException.Invalid(
                    place, $"Rule '{rule.Ref}' is on the trigger {rule.TriggerRef}, and the event is one of {trigger}.");
            }
        }

        return [.. found.Values.OrderBy(rule => rule.Ref, StringComparer.Ordinal)];
    }

    /// <summary>Passes where each of the chosen rules would be asked.</summary>
    /// <exception cref="RefusedException">One is disabled or paused.</exception>
    public static void CheckAsked(IReadOnlyList<string> chosen, IReadOnlyList<ReplayRule> rules)
    {
        for (var i = 0; i < chosen.Count; i++)
        {
            var rule = rules.First(rule => rule.Ref == chosen[i]);
            if (!rule.IsAsked)
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"rules[{i}]");
                throw new RefusedException(
                    RefusalKind.Conflict, place, $"Rule '{rule.Ref}' is {(rule.IsPaused ? "paused" : "disabled")}: it would not be asked.");
            }
        }
    }

    /// <summary>The rules of a trigger that are asked, by reference; one more than a trial asks tells that there are more.</summary>
    public Task<IReadOnlyList<ReplayRule>> OfTriggerAsync(string trigger, CancellationToken cancellationToken)
    {
        const string sql = $"""
            {Select}
             WHERE rule.trigger_ref = @trigger
               AND (rule.enabled OR rule.shadow)
               AND rule.paused_at IS NULL
             ORDER BY rule.ref COLLATE "C"
             LIMIT @limit
            """;

        return ReadAsync(sql, new { trigger, limit = ReplayTrial.MostRules + 1 }, cancellationToken);
    }

    public async Task<bool> IsTriggerEnabledAsync(string trigger, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM trigger WHERE ref = @trigger AND enabled)", new { trigger }, cancellationToken: cancellationToken));
    }

    private async Task<IReadOnlyList<ReplayRule>> ReadAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ReplayRule>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }
}

/// <summary>A rule that may be asked when an event is sent again.</summary>
internal sealed record ReplayRule
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public required int Version { get; init; }
    public required string TriggerRef { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required JsonElement Conditions { get; init; }
    public required string ActionRef { get; init; }
    public required JsonElement ActionParams { get; init; }
    public JsonElement? Window { get; init; }
    public required bool Enabled { get; init; }
    public required bool Shadow { get; init; }
    public required bool IsPaused { get; init; }
    public JsonElement? PackConfig { get; init; }

    public bool IsAsked => (Enabled || Shadow) && !IsPaused;

    public StoredRule Stored => new()
    {
        Id = Id,
        Ref = Ref,
        Version = Version,
        TriggerRef = TriggerRef,
        Condition = Condition,
        Conditions = Conditions,
        ActionParams = ActionParams,
        PackConfig = PackConfig,
        Window = Window,
        Shadow = Shadow,
    };
}
