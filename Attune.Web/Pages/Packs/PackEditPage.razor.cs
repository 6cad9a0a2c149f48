using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Json;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Packs;

/// <summary>Makes a pack, or changes one. Secrets of its config are masked, and stay as long as the mask does.</summary>
public sealed partial class PackEditPage
{
    private readonly FormMistakes _mistakes = new();
    private string _ref = "";
    private string _label = "";
    private string _description = "";
    private string _version = Pack.FirstVersion;
    private string _config = "";
    private bool _isMissing;
    private bool _read;
    private bool _saving;

    /// <summary>The pack that is changed; null for a new one.</summary>
    [Parameter]
    public string? Reference { get; set; }

    [Inject]
    public required IPackRepository Packs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private string Back => Reference is { } reference ? Urls.Pack(reference) : Urls.Packs;

    protected override async Task OnInitializedAsync()
    {
        if (Reference is { } reference)
        {
            var detail = await Packs.FindAsync(reference, Leaving);
            _isMissing = detail is null;
            if (detail is not null)
            {
                (_ref, _label, _description) = (detail.Pack.Ref, detail.Pack.Label, detail.Pack.Description ?? "");
                (_version, _config) = (detail.Pack.Version, JsonTexts.OfObject(detail.Pack.Config));
            }
        }

        _read = true;
    }

    private async Task SaveAsync()
    {
        _mistakes.Clear();
        var (config, wrong) = JsonTexts.ReadObject(_config);
        if (wrong is not null)
        {
            _mistakes.Add("config", wrong);
        }

        if (_saving || _mistakes.Any)
        {
            return;
        }

        var pack = new Pack
        {
            Ref = _ref.Trim(), Label = _label, Description = AddressQuery.ParseText(_description), Version = _version.Trim(),
            Config = config,
        };
        _saving = true;
        try
        {
            var saved = Reference is null
                ? await Packs.CreateAsync(pack, Leaving)
                : await Packs.UpdateAsync(pack.Ref, _ => pack, Leaving) ?? throw RefusedException.NotFound($"{Reference} has been deleted meanwhile.");
            Snackbar.Add($"{saved.Pack.Ref} has been saved.");
            Navigation.NavigateTo(Urls.Pack(saved.Pack.Ref));
        }
        catch (RefusedException refused)
        {
            _mistakes.Add(refused);
        }
        finally
        {
            _saving = false;
        }
    }
}
