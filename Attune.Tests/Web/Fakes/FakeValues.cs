using System.Globalization;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Values at a path, as a test gives them.</summary>
public sealed class FakeValues(TimeProvider clock) : IPathValues
{
    /// <summary>What was asked for, oldest first.</summary>
    public List<PathValuesRequest> Asked { get; } = [];

    /// <summary>Numbers, the newest first.</summary>
    public List<double> Numbers { get; } = [];

    /// <summary>Simple values as JSON, with how often they are there.</summary>
    public List<(string Json, int Count)> Top { get; } = [];

    /// <summary>What is refused; null for nothing.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether there are more events than were looked at.</summary>
    public bool Complete { get; set; } = true;

    public Task<PathValues> ReadAsync(PathValuesRequest request, CancellationToken cancellationToken)
    {
        lock (Asked)
        {
            Asked.Add(request);
        }

        var now = clock.GetUtcNow();
        var events = Numbers.Count + Top.Sum(one => one.Count);
        return Refusal is { } refusal ? throw RefusedException.Invalid("path", refusal) : Task.FromResult(new PathValues
        {
            Path = request.Path,
            Events = events,
            Found = events,
            TooLarge = 0,
            Since = events == 0 ? null : now.AddHours(-events),
            Complete = Complete,
            Numbers = Numbers.Count == 0 ? null : new(Numbers.Count, Numbers.Min(), Numbers.Average(), Numbers.Max()),
            Points = [.. Numbers.Select((number, at) => new PathPoint(at + 1, now.AddHours(-at), number))],
            Top =
            [
                .. Top.Select(one => new PathValueCount(FakeAttune.Json(one.Json), one.Count)),
                .. Numbers.Select(number => new PathValueCount(FakeAttune.Json(number.ToString(CultureInfo.InvariantCulture)), 1)).Take(PathValues.MostTop),
            ],
            Others = Math.Max(0, Numbers.Count - PathValues.MostTop),
            Structures = 0,
        });
    }
}
