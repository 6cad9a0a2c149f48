using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>The lines that a test says.</summary>
public sealed class FakeExecutionLog(FakeAttune attune) : IExecutionLog
{
    public Dictionary<long, List<ExecutionLine>> Lines { get; } = [];

    public void Say(long execution, string text, ExecutionLineLevel level = ExecutionLineLevel.Info)
    {
        if (!Lines.TryGetValue(execution, out var lines))
        {
            Lines[execution] = lines = [];
        }

        lines.Add(new() { Number = lines.Count + 1, At = attune.Clock.GetUtcNow(), Level = level, Text = text });
    }

    public Task<IReadOnlyList<ExecutionLine>?> ReadAsync(long id, int after, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ExecutionLine>?>([.. Lines.GetValueOrDefault(id, []).Where(line => line.Number > after)]);
}
