using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class PayloadFieldsReader(PayloadSamples samples) : IPayloadFields
{
    private const int MostExamples = 5;
    private const int LongestExample = 200;

    public async Task<PayloadFields> ReadAsync(string triggerRef, CancellationToken cancellationToken)
    {
        var newest = await samples.ReadAsync(triggerRef, cancellationToken);
        var paths = new PathCollector(PayloadFields.MostFields, MostExamples, LongestExample);
        foreach (var sample in newest.Where(sample => sample.Payload is not null))
        {
            paths.Add(sample.Payload!.Value, sample.Id);
        }

        return new()
        {
            TriggerRef = triggerRef,
            Events = newest.Count,
            Fields = [.. paths.Paths.OrderBy(one => one.Path, StringComparer.Ordinal).Select(one => new PayloadField
            {
                Path = one.Path,
                Types = one.Types("truth"),
                Examples = [.. one.Examples.Values],
                Events = one.Count,
                LastEvent = one.Newest,
            })],
        };
    }
}
