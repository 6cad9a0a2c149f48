using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Options;

namespace Attune.Web.Pages.Workers;

/// <summary>All workers: how they are, what they take, and how many executions each has leased.</summary>
public sealed partial class WorkersPage
{
    private IReadOnlyList<WorkerSummary>? _workers;
    private IReadOnlyDictionary<long, long> _leased = new Dictionary<long, long>();
    private string _path = "";
    private AddressQuery _query = AddressQuery.Empty;
    private WorkersQuery _filter = new();

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IWorkerRepository Repository { get; init; }

    [Inject]
    public required IOptions<WorkersOptions> Settings { get; init; }

    // Every execution that begins or ends concerns this page; nobody reads its numbers more often than this.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override object Subject => nameof(WorkersPage);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        ReadAddress();
        Navigation.LocationChanged += AddressChanged;
    }

    protected override bool Concerns(Change change) => change.EntityType == "worker" || change.Channel == Channels.ExecutionStatusChanged;

    // Those that can be reckoned with come first.
    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var workers = await WholeList.ReadAsync(Repository.ListAsync, cancellationToken);
        _leased = await Repository.LeaseCountsAsync(cancellationToken);
        _workers = [.. workers.OrderBy(worker => worker.Status is "inactive").ThenBy(worker => worker.Name, StringComparer.Ordinal)];
    }

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= AddressChanged;
        base.Dispose(disposing);
    }

    // Another page's address is none of this one's business while it is left.
    private void AddressChanged(object? sender, LocationChangedEventArgs location) => _ = InvokeAsync(() =>
    {
        if (Path(location.Location) == _path)
        {
            ReadAddress();
            StateHasChanged();
        }
    });

    private void ReadAddress()
    {
        (_path, _query) = (Path(Navigation.Uri), AddressQuery.Of(Navigation.Uri));
        _filter = WorkersQuery.Parse(_query);
    }

    private static string Path(string address) => address.Split('?', '#')[0];

    private static string Where(WorkerSummary worker) => worker switch
    {
        { Host: { } host, Port: { } port } => $"{host}:{port}",
        { Host: { } host } => host,
        _ => $"#{worker.Id}",
    };

    private string Leased(WorkerSummary worker) =>
        _leased.GetValueOrDefault(worker.Id) is > 0 and var count ? Format.Number(count) : "–";
}
