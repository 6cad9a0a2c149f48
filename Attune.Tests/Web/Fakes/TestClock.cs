namespace Attune.Tests.Web.Fakes;

/// <summary>A clock that shows what a test sets; what waits on it waits for real.</summary>
public sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
