using Attune.Modules.History;

namespace Attune.Tests.History;

[TestFixture]
public sealed class HistoryEntityTypeTests
{
    [TestCase("execution", HistoryEntityType.Execution)]
    [TestCase("Worker", HistoryEntityType.Worker)]
    public void The_history_entity_type_knows_execution_and_worker(string name, HistoryEntityType expected) =>
        Assert.That(HistoryEntityTypes.TryParse(name), Is.EqualTo(expected));

    [TestCase("event")]
    [TestCase("enforcement")]
    [TestCase("")]
    [TestCase(null)]
    [TestCase("1")]
    public void The_history_entity_type_knows_nothing_else(string? name) =>
        Assert.That(HistoryEntityTypes.TryParse(name), Is.Null);

    [Test]
    public void There_are_two_history_entity_types() =>
        Assert.That(Enum.GetNames<HistoryEntityType>(), Is.EqualTo((string[])["Execution", "Worker"]));
}
