using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Moves a timer on in the transaction that writes the event of its tick: both are there after a crash, or neither.</summary>
internal sealed class TimerParticipant : IAppendParticipant
{
    public async Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(AppendContext context, CancellationToken cancellationToken)
    {
        TimerPosition[] ticks =
        [
            .. context.Events
                .Where(written => written is { Tick: not null, Target: not null })
                .Select(written => new TimerPosition(written.Target!.Value.Id, written.Tick!.Value)),
        ];
        if (ticks.Length > 0)
        {
            await RuleTimers.AdvanceAsync(context.Connection, ticks, cancellationToken);
        }

        return [];
    }
}
