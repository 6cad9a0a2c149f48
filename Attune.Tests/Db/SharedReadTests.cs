using Microsoft.Extensions.Time.Testing;

namespace Attune.Tests.Db;

[TestFixture]
public sealed class SharedReadTests
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private TaskCompletionSource<int> _work = new();
    private int _reads;
    private SharedRead<int> _read = null!;

    [SetUp]
    public void Begin()
    {
        (_work, _reads) = (new(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        _read = new(_clock, Fresh, token =>
        {
            _reads++;
            return _work.Task.WaitAsync(token);
        });
    }

    [Test]
    public async Task All_who_ask_within_the_time_share_one_read()
    {
        Task<int>[] asking = [_read.GetAsync(CancellationToken.None), _read.GetAsync(CancellationToken.None)];
        _work.SetResult(7);

        Assert.That(await Task.WhenAll(asking), Is.EqualTo((int[])[7, 7]));
        Assert.That((await _read.GetAsync(CancellationToken.None), _reads), Is.EqualTo((7, 1)));
        _clock.Advance(Fresh);
        await _read.GetAsync(CancellationToken.None);
        Assert.That(_reads, Is.EqualTo(2));
    }

    [Test]
    public async Task Whoever_leaves_holds_nobody_up_and_the_read_ends_when_the_last_has_left()
    {
        using var leaving = new CancellationTokenSource();
        using var alsoLeaving = new CancellationTokenSource();
        var (first, second) = (_read.GetAsync(leaving.Token), _read.GetAsync(alsoLeaving.Token));

        await leaving.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(second.IsCompleted, Is.False);
        await alsoLeaving.CancelAsync();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());

        _work.SetResult(8);
        Assert.That(await _read.GetAsync(CancellationToken.None), Is.EqualTo(8));
    }

    [Test]
    public void A_refusal_is_kept_like_an_answer()
    {
        _work.SetException(RefusedException.Invalid("since", "It took too long."));

        for (var time = 0; time < 3; time++)
        {
            Assert.That(async () => await _read.GetAsync(CancellationToken.None), Throws.InstanceOf<RefusedException>());
        }

        Assert.That(_reads, Is.EqualTo(1));
    }

    [Test]
    public void What_failed_for_another_reason_is_tried_again_at_once()
    {
        _work.SetException(new IOException("away"));

        for (var time = 0; time < 3; time++)
        {
            Assert.That(async () => await _read.GetAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        }

        Assert.That(_reads, Is.EqualTo(3));
    }
}
