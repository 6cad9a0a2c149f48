using Attune.Web;

namespace Attune.Host.Health;

/// <summary>What is not well, for the pages. All of them together look at most every few seconds.</summary>
internal sealed class PageFindings(Readiness readiness, TimeProvider clock) : IFindings, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private (long At, IReadOnlyList<Web.Finding> Found)? _last;

    public async Task<IReadOnlyList<Web.Finding>> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Fresh)
            {
                return last.Found;
            }

            var (_, findings) = await readiness.LookAsync(cancellationToken);
            IReadOnlyList<Web.Finding> found = [.. findings.Where(finding => !finding.Well).Select(finding => new Web.Finding(finding.Name, finding.Text))];
            _last = (clock.GetTimestamp(), found);
            return found;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
