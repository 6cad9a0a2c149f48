using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>How much a webhook takes, from where, and what it answers; with units and bounds.</summary>
public sealed partial class WebhookLimits
{
    private static readonly string[] AnswerTypes =
        ["text/plain", "application/json", "application/xml", "text/xml", "application/x-www-form-urlencoded"];

    [Parameter, EditorRequired]
    public required TriggerDraft Draft { get; set; }

    [Parameter, EditorRequired]
    public required FormMistakes Mistakes { get; set; }

    private string? Invalid(string place) => Mistakes.Of(place) is null ? null : "true";
}
