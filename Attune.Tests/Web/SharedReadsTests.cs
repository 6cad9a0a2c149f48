using Attune.Web.Shared;

namespace Attune.Tests.Web;

public sealed class SharedReadsTests
{
    private readonly SharedReads _reads = new();

    [Test]
    public async Task Whoever_asks_during_a_read_shares_the_next_one_with_all_who_do()
    {
        var count = 0;
        var first = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var one = ReadAsync(CancellationToken.None);
        await begun.Task;

        var others = Enumerable.Range(0, 50).Select(_ => ReadAsync(CancellationToken.None)).ToList();
        first.SetResult();

        Assert.That(await one, Is.EqualTo(1));
        Assert.That(await Task.WhenAll(others), Is.All.EqualTo(2));
        Assert.That(await ReadAsync(CancellationToken.None), Is.EqualTo(3));

        Task<int> ReadAsync(CancellationToken cancellationToken) => _reads.ReadAsync("same", async _ =>
        {
            var mine = Interlocked.Increment(ref count);
            begun.TrySetResult();
            await first.Task;
            return mine;
        }, cancellationToken);
    }

    [Test]
    public async Task A_read_that_nobody_waits_for_any_more_is_cancelled()
    {
        using var leaving = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var read = _reads.ReadAsync<int>("left", async token =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
                return 1;
            }
            finally
            {
                ended.SetResult();
            }
        }, leaving.Token);
        await begun.Task;

        await leaving.CancelAsync();

        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
        await ended.Task;
        Assert.That(await _reads.ReadAsync("left", _ => Task.FromResult(2), CancellationToken.None), Is.EqualTo(2));
    }

    [Test]
    public async Task A_failure_is_told_to_all_who_wait_and_the_next_read_is_a_new_one()
    {
        Assert.That(
            async () => await _reads.ReadAsync<int>("broken", _ => throw new InvalidOperationException("broken"), CancellationToken.None),
            Throws.InvalidOperationException);
        Assert.That(await _reads.ReadAsync("broken", _ => Task.FromResult(1), CancellationToken.None), Is.EqualTo(1));
    }
}
