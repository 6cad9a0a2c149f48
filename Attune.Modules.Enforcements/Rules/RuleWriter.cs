using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Actions.Schemas;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Makes and changes rules; nothing is stored that the engine could not evaluate.</summary>
internal sealed class RuleWriter(ICatalogue catalogue)
{
    /// <summary>The columns of a rule that is read whole.</summary>
    public const string Columns = """
        id, ref, pack, pack_ref, label, description, action, action_ref, trigger, trigger_ref, condition, conditions,
                      action_params, trigger_params, "window", enabled, shadow, paused_at, paused_reason, is_adhoc, version, created, updated
        """;

    public Task<Rule> CreateAsync(NewRule rule, CancellationToken cancellationToken) =>
        InsertAsync(RuleChecks.Check(rule), isAdhoc: true, mustTick: true, cancellationToken);

    /// <summary>Makes a rule that was checked.</summary>
    public Task<Rule> InsertAsync(NewRule draft, bool isAdhoc, bool mustTick, CancellationToken cancellationToken)
    {
        const string sql = $"""
            INSERT INTO rule (ref, pack, pack_ref, label, description, action, action_ref, trigger, trigger_ref, condition, conditions,
                              action_params, trigger_params, "window", enabled, shadow, is_adhoc)
            SELECT @Ref, pack.id, pack.ref, @Label, @Description, action.id, action.ref, trigger.id, trigger.ref,
                   @Condition::enforcement_condition_enum, @Conditions, @ActionParams, @TriggerParams, @Window::jsonb, @Enabled,
                   @Shadow, @IsAdhoc
              FROM pack
              JOIN trigger ON trigger.ref = @TriggerRef
              JOIN action ON action.ref = @ActionRef
             WHERE pack.ref = @PackRef
            RETURNING {Columns}
            """;

        return SavingAsync(draft.Ref, async connection =>
        {
            await catalogue.EnsurePackAsync(connection, draft.PackRef!, cancellationToken);
            await CheckParametersAsync(connection, draft, cancellationToken);
            var made = await connection.QuerySingleOrDefaultAsync<Rule>(
                    new CommandDefinition(sql, Parameters(draft, isAdhoc: isAdhoc), cancellationToken: cancellationToken))
                ?? throw await MissingAsync(connection, draft, cancellationToken);
            return await RuleTimers.WithTicksAsync(connection, made, mustTick, cancellationToken);
        }, cancellationToken);
    }

    public async Task<Rule?> UpdateAsync(string reference, RuleUpdate update, CancellationToken cancellationToken)
    {
        // A trigger or an action that was made again under its old reference is taken up.
        const string sql = $"""
            UPDATE rule
               SET label = @Label, description = @Description, condition = @Condition::enforcement_condition_enum,
                   conditions = @Conditions, action_params = @ActionParams, trigger_params = @TriggerParams,
                   "window" = @Window::jsonb, enabled = @Enabled, shadow = @Shadow,
                   paused_at = CASE WHEN @Resumes THEN NULL ELSE paused_at END,
                   paused_reason = CASE WHEN @Resumes THEN NULL ELSE paused_reason END,
                   action = (SELECT id FROM action WHERE ref = @ActionRef), action_ref = @ActionRef,
                   trigger = (SELECT id FROM trigger WHERE ref = @TriggerRef), trigger_ref = @TriggerRef
             WHERE ref = @Ref
            RETURNING {Columns}
            """;

        return !StorableText.IsStorable(reference) ? null : await SavingAsync(reference, async connection =>
        {
            if (await LockAsync(connection, reference, cancellationToken) is not { } before)
            {
                return null;
            }

            await CheckVersionAsync(connection, reference, update.ExpectedVersion, cancellationToken);

            // What was accepted once stays as it is: an action may have come to want other parameters since.
            var draft = RuleChecks.Check(Merge(before, update), before);
            if (update.ActionRef is not null || JsonValues.Given(update.ActionParams) is not null)
            {
                await CheckParametersAsync(connection, draft, cancellationToken);
            }

            var after = await connection.QuerySingleAsync<Rule>(
                new CommandDefinition(sql, Parameters(draft, Resumes(update)), cancellationToken: cancellationToken));
            return (update.TriggerRef is null || after.Trigger is not null) && (update.ActionRef is null || after.Action is not null)
                ? await RuleTimers.WithTicksAsync(connection, after, RuleChecks.BeginsTimer(draft, before), cancellationToken)
                : throw await MissingAsync(connection, draft, cancellationToken);
        }, cancellationToken);
    }

    // Locked, so that two updates of different fields do not undo one another.
    private static async Task<NewRule?> LockAsync(NpgsqlConnection connection, string reference, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT ref, pack_ref, label, description, action_ref, trigger_ref, condition, conditions, action_params, trigger_params, "window",
                   {RuleStates.Name} AS state
              FROM rule
             WHERE ref = @reference
               FOR UPDATE
            """;

        return await connection.QuerySingleOrDefaultAsync<NewRule>(
            new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken));
    }

    // The row is locked: its version stays what is read here.
    private static async Task CheckVersionAsync(
        NpgsqlConnection connection, string reference, int? expected, CancellationToken cancellationToken)
    {
        if (expected is null)
        {
            return;
        }

        var version = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "SELECT version FROM rule WHERE ref = @reference", new { reference }, cancellationToken: cancellationToken));
        if (version != expected)
        {
            throw new RefusedException(
                RefusalKind.Conflict, "expected_version",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Rule '{reference}' has been changed meanwhile: it is at version {version}, and the change was made from {expected}."));
        }
    }

    // An action that is not there is told of afterwards, together with a trigger that is not.
    public static async Task CheckParametersAsync(NpgsqlConnection connection, NewRule rule, CancellationToken cancellationToken)
    {
        const string sql = "SELECT param_schema::text FROM action WHERE ref = @ActionRef";
        var schema = await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(sql, new { rule.ActionRef }, cancellationToken: cancellationToken));
        ParameterSchema.Check(
            schema is null ? null : JsonElement.Parse(schema, Json.DocumentOptions), rule.ActionParams, "action_params", templates: true);
    }

    private static NewRule Merge(NewRule before, RuleUpdate update) => before with
    {
        Label = update.Label ?? before.Label,
        Description = update.Description ?? before.Description,
        ActionRef = update.ActionRef ?? before.ActionRef,
        TriggerRef = update.TriggerRef ?? before.TriggerRef,
        Condition = update.Condition ?? before.Condition,
        Conditions = update.Conditions is { ValueKind: not JsonValueKind.Undefined } conditions ? conditions : before.Conditions,
        ActionParams = JsonValues.Given(update.ActionParams) ?? before.ActionParams,
        TriggerParams = JsonValues.Given(update.TriggerParams) ?? before.TriggerParams,
        Window = update.Window ?? before.Window,
        State = update.State ?? (update.Enabled is { } enabled ? RuleStates.Of(enabled, shadow: false) : before.State),
    };

    // Another name or description is no reason to believe that it will not fail again.
    private static bool Resumes(RuleUpdate update) => update != new RuleUpdate
    {
        Label = update.Label, Description = update.Description, ExpectedVersion = update.ExpectedVersion,
    };

    public static object Parameters(NewRule rule, bool resumes = false, bool isAdhoc = false) => new
    {
        rule.Ref,
        rule.PackRef,
        rule.Label,
        rule.Description,
        rule.ActionRef,
        rule.TriggerRef,
        Condition = EnumNames.Of(rule.Condition),
        rule.Conditions,
        rule.ActionParams,
        rule.TriggerParams,
        rule.Window,
        Enabled = rule.State == RuleState.Enabled,
        Shadow = rule.State == RuleState.Shadow,
        Resumes = resumes,
        IsAdhoc = isAdhoc,
    };

    public static async Task<RefusedException> MissingAsync(
        NpgsqlConnection connection, NewRule rule, CancellationToken cancellationToken)
    {
        var hasTrigger = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM trigger WHERE ref = @TriggerRef)", new { rule.TriggerRef }, cancellationToken: cancellationToken));
        return hasTrigger
            ? new(RefusalKind.NotFound, "action_ref", $"Action '{rule.ActionRef}' not found")
            : new(RefusalKind.NotFound, "trigger_ref", $"Trigger '{rule.TriggerRef}' not found");
    }

    public async Task<T> SavingAsync<T>(string reference, Func<NpgsqlConnection, Task<T>> save, CancellationToken cancellationToken)
    {
        try
        {
            return await catalogue.ChangeAsync(save, cancellationToken);
        }
        catch (PostgresException error) when (error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "rule_ref_key" })
        {
            throw new RefusedException(RefusalKind.Conflict, "ref", $"Rule with ref '{reference}' already exists");
        }
        catch (PostgresException error) when (
            error.SqlState == PostgresErrorCodes.CheckViolation || error.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            // The checks before this name the field; what only the server knows is refused in its words.
            throw new RefusedException(RefusalKind.Invalid, null, $"The rule cannot be stored: {error.MessageText}");
        }
    }
}
