using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>The deliveries of a trigger's webhook. Those that were refused can be taken in later, once their cause is mended.</summary>
public sealed partial class DeliveriesPage
{
    private const int PageSize = 50;

    private IReadOnlyList<DeliverySummary>? _rows;
    private Cursor? _next;
    private string? _mistake;
    private DeliveriesFilter? _read;

    [Parameter]
    public required string Reference { get; set; }

    [Inject]
    public required IWebhookDeliveries Deliveries { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        _mistake = DeliveriesFilter.Mistake(AddressQuery.Of(Navigation.Uri));

        // Which row is open changes nothing of the list.
        if (_mistake is null && _read != Filter with { Open = null })
        {
            _rows = null;
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        var filter = Filter with { Open = null };
        var page = await Deliveries.ListAsync(
            filter.ToFilter(Reference, Clock.GetUtcNow()), new PageRequest { Size = PageSize, After = filter.Before }, Leaving);
        (_rows, _next, _read) = (page.Items, page.Next, filter);
    }

    private string AddressOf(DeliverySummary row) =>
        (Filter with { Open = row.Id == Filter.Open ? null : row.Id }).Address(Reference);

    private string Pressed(DeliveryOutcome? outcome) =>
        (outcome is { } one ? Filter.Outcome.Contains(one) : Filter.Outcome.Count == 0) ? "true" : "false";

    private void Show(DeliveryOutcome? outcome) =>
        Go(Filter with { Outcome = outcome is { } one ? [one] : [], Before = null, Open = null });

    private void Go(DeliveriesFilter filter) => Navigation.NavigateTo(filter.Address(Reference));
}
