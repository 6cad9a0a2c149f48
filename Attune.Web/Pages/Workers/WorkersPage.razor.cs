using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Attune.Web.Pages.Workers;

/// <summary>All workers: how they are, what they take, and how many executions each has leased.</summary>
public sealed partial class WorkersPage
{
    private IReadOnlyList<WorkerSummary>? _workers;
    private IReadOnlyDictionary<long, long> _leased = new Dictionary<long, long>();

    /// <summary>The range of the time lines, as the address says it.</summary>
    [SupplyParameterFromQuery(Name = "range")]
    public string? Chosen { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IWorkerRepository Repository { get; init; }

    [Inject]
    public required IOptions<WorkersOptions> Settings { get; init; }

    private string Range => WorkerTimes.Ranges.Any(range => range.Name == Chosen) ? Chosen! : WorkerTimes.FirstRange;

    // Every execution that begins or ends concerns this page; nobody reads its numbers more often than this.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override object Subject => nameof(WorkersPage);

    protected override bool Concerns(Change change) => change.EntityType == "worker" || change.Channel == Channels.ExecutionStatusChanged;

    // Those that can be reckoned with come first.
    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var workers = await WholeList.ReadAsync(Repository.ListAsync, cancellationToken);
        _leased = await Repository.LeaseCountsAsync(cancellationToken);
        _workers = [.. workers.OrderBy(worker => worker.Status is "inactive").ThenBy(worker => worker.Name, StringComparer.Ordinal)];
    }

    private void Choose(string range) => Navigation.NavigateTo(
        AddressQuery.Empty.With("range", range == WorkerTimes.FirstRange ? null : range).At(Urls.Workers));

    private static string Where(WorkerSummary worker) => worker switch
    {
        { Host: { } host, Port: { } port } => $"{host}:{port}",
        { Host: { } host } => host,
        _ => $"#{worker.Id}",
    };

    private string Leased(WorkerSummary worker) =>
        _leased.GetValueOrDefault(worker.Id) is > 0 and var count ? Format.Number(count) : "–";
}
