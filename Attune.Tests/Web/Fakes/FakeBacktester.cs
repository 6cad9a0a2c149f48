using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Tells the steps that a test gives it, and keeps what it was asked.</summary>
public sealed class FakeBacktester : IRuleBacktester
{
    private readonly Channel<BacktestProgress> _steps = Channel.CreateUnbounded<BacktestProgress>();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<BacktestRequest> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it was asked first.</summary>
    public Task<BacktestRequest> Asked => _asked.Task;

    public RefusedException? Refusal { get; set; }

    /// <summary>Ends when somebody has stopped listening before the report.</summary>
    public Task Stopped => _stopped.Task;

    public void Tell(BacktestProgress step) => _steps.Writer.TryWrite(step);

    public async IAsyncEnumerable<BacktestProgress> RunAsync(
        BacktestRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _asked.TrySetResult(request);
        if (Refusal is not null)
        {
            throw Refusal;
        }

        var isReported = false;
        try
        {
            await foreach (var step in _steps.Reader.ReadAllAsync(cancellationToken))
            {
                isReported = step.Report is not null;
                yield return step;
                if (isReported)
                {
                    yield break;
                }
            }
        }
        finally
        {
            if (!isReported)
            {
                _stopped.TrySetResult();
            }
        }
    }
}
