using System.Text.Json;
using Attune.Db;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>A delivery with what is kept of it, and the verb that takes in what was refused.</summary>
public sealed partial class DeliveryView
{
    private DeliveryDetail? _delivery;
    private JsonElement? _json;
    private string? _refused;
    private bool _isRead;
    private bool _accepting;

    [Parameter, EditorRequired]
    public required string Reference { get; set; }

    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>It has become an event.</summary>
    [Parameter]
    public EventCallback Accepted { get; set; }

    [Inject]
    public required IWebhookDeliveries Deliveries { get; init; }

    private IReadOnlyList<(string Name, string Value)> Headers =>
        _delivery?.Said is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("headers", out var headers)
            ? [.. headers.EnumerateObject().Select(header => (header.Name, header.Value.GetString() ?? "")), .. Withheld(said)] : [];

    protected override Task OnInitializedAsync() => ReadAsync();

    private static IEnumerable<(string Name, string Value)> Withheld(JsonElement said) =>
        said.TryGetProperty("withheld", out var names)
            ? names.EnumerateArray().Select(name => (name.GetString() ?? "", "came, and is not kept: it may be a secret")) : [];

    private async Task ReadAsync()
    {
        _delivery = await Deliveries.FindAsync(Reference, Id, Leaving);
        _json = _delivery is { BodyIsWhole: true, BodyText: { Length: > 0 } text } ? Read(text) : null;
        _isRead = true;
    }

    private static JsonElement? Read(string text)
    {
        try
        {
            return JsonElement.Parse(text, Db.Json.DocumentOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task AcceptAsync()
    {
        (_accepting, _refused) = (true, null);
        try
        {
            await Deliveries.AcceptAsync(Reference, Id, Leaving);
            await ReadAsync();
            await Accepted.InvokeAsync();
        }
        catch (RefusedException refused)
        {
            _refused = $"It still cannot be taken: {refused.Message}";
        }
        finally
        {
            _accepting = false;
        }
    }
}
