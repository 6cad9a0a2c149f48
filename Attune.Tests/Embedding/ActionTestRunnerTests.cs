using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Embedding;

[TestFixture]
public sealed class ActionTestRunnerTests
{
    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Parameters_are_bound_defaults_filled_in_and_the_answer_is_json()
    {
        using var runner = new ActionTestRunner { Attempt = 2, RuleRef = "test.rule" };

        var data = await runner.RunAsync(
            new Packing(),
            JsonElement.Parse("""{"lines": [{"article": "a", "pieces": null}, {"article": "b", "pieces": 2e0}], "note": null, "x": 1}"""),
            Cancellation);

        Assert.That(data!.Value.GetRawText(), Is.EqualTo("""{"pieces":3,"kind":"by_land","attempt":2,"rule_ref":"test.rule"}"""));
        Assert.That(
            runner.Progress,
            Is.EqualTo((ActionProgress[])[new(50, "a"), new(100, "b"), new(null, "Closed")]));
    }

    [TestCase("""{}""", "parameters.lines must be given.")]
    [TestCase("""{"lines": [{"article": "a"}, {}]}""", "parameters.lines[1].article must be given.")]
    [TestCase("""{"lines": [{"article": "a", "pieces": "x"}]}""", "parameters.lines[0].pieces must be a whole number.")]
    [TestCase(
        """{"lines": [{"article": "a", "pieces": 3000000000}]}""",
        "parameters.lines[0].pieces is not of the form that the action's param_schema tells.")]
    [TestCase("""{"lines": [null]}""", "parameters.lines[0] must be an object.")]
    [TestCase("""{"lines": [], "kind": "by_air"}""", "parameters.kind must be one of: by_land, by_sea.")]
    [TestCase("""{"lines": [], "due": "soon"}""", "parameters.due is not of the form that the action's param_schema tells.")]
    [TestCase("""{"lines": [], "weight": -1}""", "The parameters cannot be read: It weighs nothing.")]
    public async Task Parameters_that_do_not_fit_are_refused_by_their_place(string parameters, string message)
    {
        using var runner = new ActionTestRunner();

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => runner.RunAsync(new Packing(), JsonElement.Parse(parameters), Cancellation));

        Assert.That(refused!.Message, Is.EqualTo(message));
    }

    [TestCase(ActionStopReason.Cancelled)]
    [TestCase(ActionStopReason.TimedOut)]
    [TestCase(ActionStopReason.WorkerStopping)]
    public async Task An_action_that_is_stopped_can_tell_why(ActionStopReason reason)
    {
        using var runner = new ActionTestRunner();
        var running = runner.RunAsync(new Waiting(), null, Cancellation);

        runner.Stop(reason);

        Assert.That((await running)!.Value.GetString(), Is.EqualTo(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString())));
    }

    [Test]
    public async Task A_share_of_more_than_the_whole_is_a_mistake()
    {
        using var runner = new ActionTestRunner();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => runner.RunAsync(new Exaggerating(), null, Cancellation));
    }

    private enum Kind
    {
        ByLand,
        BySea,
    }

    private sealed record Parcel(IReadOnlyList<Line> Lines, string? Note, DateOnly? Due, Kind Kind = Kind.ByLand)
    {
        public int Weight { get; init => field = value > 0 ? value : throw new ArgumentException("It weighs nothing."); } = 1;
    }

    private sealed record Line(string Article, int Pieces = 1);

    private sealed record Packed(int Pieces, Kind Kind, int Attempt, string? RuleRef);

    private sealed class Packing : IAction<Parcel, Packed>
    {
        public Task<Packed> RunAsync(Parcel parameters, ActionContext context, CancellationToken cancellationToken)
        {
            for (var line = 0; line < parameters.Lines.Count; line++)
            {
                context.ReportProgress(100 * (line + 1) / parameters.Lines.Count, parameters.Lines[line].Article);
            }

            context.ReportProgress("Closed");
            return Task.FromResult(
                new Packed(parameters.Lines.Sum(line => line.Pieces), parameters.Kind, context.Attempt, context.RuleRef));
        }
    }

    private sealed class Waiting : IAction<JsonElement?, ActionStopReason?>
    {
        public async Task<ActionStopReason?> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
        {
            Assert.That(context.StopReason, Is.Null);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return context.StopReason;
        }
    }

    private sealed class Exaggerating : IAction<JsonElement?>
    {
        public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
        {
            context.ReportProgress(101);
            return Task.CompletedTask;
        }
    }
}
