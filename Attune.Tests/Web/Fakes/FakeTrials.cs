using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Tests.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Tries conditions as the module does, and shows what a test says of the rest.</summary>
public sealed class FakeTrials(FakeAttune attune) : IRuleTrials, IPayloadFields
{
    public List<RuleMistake> Mistakes { get; } = [];

    public List<PayloadField> Fields { get; } = [];

    public RuleTrialRequest? Asked { get; private set; }

    public Task<RuleTrial> TryAsync(RuleTrialRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        try
        {
            var conditions = RuleConditions.Parse(request.Conditions ?? JsonElement.Parse("[]"), request.Condition);
            var trial = new RuleTrial
            {
                Mistakes = Mistakes, Condition = conditions.JoinedBy, Conditions = conditions.Stored, Expression = conditions.ToText(),
            };
            return Task.FromResult(request.Event is not { } id ? trial : trial with
            {
                Event = id,
                Verdict = conditions.Try(attune.Events[id].Payload),
                Tested = conditions.Explain(attune.Events[id].Payload),
                Parameters =
                [
                    .. request.ActionParams!.Value.EnumerateObject().Select(one => new TriedParameter(one.Name, one.Value, null)),
                ],
            });
        }
        catch (RefusedException refused)
        {
            return Task.FromResult(new RuleTrial
            {
                Mistakes = [.. Mistakes, new(refused.Field!, refused.Message) { Line = refused.At?.Line, Column = refused.At?.Column }],
            });
        }
    }

    public Task<PayloadFields> ReadAsync(string triggerRef, CancellationToken cancellationToken) =>
        Task.FromResult(new PayloadFields { TriggerRef = triggerRef, Events = 1, Fields = Fields });
}
