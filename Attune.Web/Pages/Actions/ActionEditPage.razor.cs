using System.Globalization;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Json;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Actions;

/// <summary>Makes an action, or changes one. What is refused is told at its field, and nothing typed is lost.</summary>
public sealed partial class ActionEditPage
{
    private readonly FormMistakes _mistakes = new();
    private string _ref = "";
    private string _label = "";
    private string _description = "";
    private string _timeout = "";
    private string _retries = "0";
    private string _parameters = "";
    private string _answer = "";
    private bool _comesWithPack;
    private bool _isMissing;
    private bool _read;
    private bool _saving;

    /// <summary>The action that is changed; null for a new one.</summary>
    [Parameter]
    public string? Reference { get; set; }

    [Inject]
    public required IActionRepository All { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private string Back => Reference is { } reference ? Urls.Action(reference) : Urls.Actions;

    protected override async Task OnInitializedAsync()
    {
        if (Reference is { } reference)
        {
            var action = await All.FindAsync(reference, Leaving);
            _isMissing = action is null;
            if (action is not null)
            {
                (_ref, _label, _description) = (action.Ref, action.Label, action.Description ?? "");
                _timeout = action.TimeoutSeconds?.ToString(CultureInfo.InvariantCulture) ?? "";
                _retries = action.MaxRetries.ToString(CultureInfo.InvariantCulture);
                (_parameters, _answer) = (JsonTexts.OfObject(action.ParamSchema), JsonTexts.OfObject(action.OutSchema));
                _comesWithPack = !action.IsAdhoc;
            }
        }

        _read = true;
    }

    private async Task SaveAsync()
    {
        _mistakes.Clear();
        var (parameters, wrongParameters) = JsonTexts.ReadObject(_parameters);
        var (answer, wrongAnswer) = JsonTexts.ReadObject(_answer);
        var timeout = Number("timeout_seconds", _timeout);
        var retries = Number("max_retries", _retries) ?? 0;
        Tell("param_schema", wrongParameters);
        Tell("out_schema", wrongAnswer);
        if (_saving || _mistakes.Any)
        {
            return;
        }

        _saving = true;
        try
        {
            if (Reference is { } reference)
            {
                await All.UpdateAsync(
                    reference,
                    new()
                    {
                        Label = _label, Description = _description, ParamSchema = parameters, OutSchema = answer,
                        TimeoutSeconds = timeout ?? 0, MaxRetries = retries,
                    },
                    Leaving);
            }
            else
            {
                await All.CreateAsync(
                    new()
                    {
                        Ref = _ref.Trim(), Label = _label, Description = AddressQuery.ParseText(_description),
                        ParamSchema = _parameters.Length == 0 ? null : parameters, OutSchema = _answer.Length == 0 ? null : answer,
                        TimeoutSeconds = timeout, MaxRetries = retries,
                    },
                    Leaving);
            }

            Snackbar.Add($"{_ref.Trim()} has been saved.");
            Navigation.NavigateTo(Urls.Action(_ref.Trim()));
        }
        catch (RefusedException refused)
        {
            Refused(refused);
        }
        finally
        {
            _saving = false;
        }
    }

    // What a schema says wrongly is told by its line.
    private void Refused(RefusedException refused)
    {
        const string schema = "param_schema.";
        if (refused.Field is { } place && place.StartsWith(schema, StringComparison.Ordinal))
        {
            _mistakes.Add("param_schema", JsonTexts.At(_parameters, place[schema.Length..], refused.Message));
            return;
        }

        _mistakes.Add(refused);
    }

    private void Tell(string place, string? mistake)
    {
        if (mistake is not null)
        {
            _mistakes.Add(place, mistake);
        }
    }

    private int? Number(string place, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _mistakes.Add(place, "Must be a whole number.");
        return null;
    }
}
