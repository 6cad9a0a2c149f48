namespace Attune.Modules.Enforcements.Explaining;

internal sealed class PayloadFieldsReader(PayloadSamples samples) : IPayloadFields
{
    public async Task<PayloadFields> ReadAsync(string triggerRef, CancellationToken cancellationToken)
    {
        var newest = await samples.ReadAsync(triggerRef, cancellationToken);
        var survey = new PayloadSurvey();
        foreach (var sample in newest.Where(sample => sample.Payload is not null))
        {
            survey.Add(sample.Id, sample.Payload!.Value);
        }

        return survey.Fields(triggerRef, newest.Count);
    }
}
