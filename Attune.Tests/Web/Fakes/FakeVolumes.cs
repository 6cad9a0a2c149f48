using Attune.Modules.History;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeVolumes(FakeAttune attune) : IVolumeRepository
{
    public Task<IReadOnlyList<VolumePoint>> ReadAsync(
        VolumeSeries series, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult<IReadOnlyList<VolumePoint>>([.. attune.Volumes
                .Where(volume => volume.Key.Series == series && FakeLists.Within(volume.Key.Hour, since, until))
                .OrderBy(volume => volume.Key.Hour)
                .Select(volume => new VolumePoint { Bucket = volume.Key.Hour, Label = volume.Key.Label, Value = volume.Value })]);
        }
    }

    public Task<IReadOnlyList<RefVolume>> TopAsync(
        VolumeSeries series, DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            var references = series == VolumeSeries.Events
                ? attune.Events.Values.Select(row => row.TriggerRef)
                : attune.Enforcements.Values.Select(row => row.RuleRef);
            return Task.FromResult<IReadOnlyList<RefVolume>>([.. references
                .CountBy(reference => reference)
                .OrderByDescending(reference => reference.Value)
                .Take(limit)
                .Select(reference => new RefVolume { Ref = reference.Key, Value = reference.Value })]);
        }
    }
}
