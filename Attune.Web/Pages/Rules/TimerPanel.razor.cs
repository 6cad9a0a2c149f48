using System.Globalization;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>When the timer of a rule ticks, and when next.</summary>
public sealed partial class TimerPanel
{
    private IReadOnlyList<DateTimeOffset> _next = [];
    private string? _words;
    private string? _expression;
    private string _zone = "UTC";
    private string _missed = "";

    /// <summary>A rule whose trigger is fired by time.</summary>
    [Parameter, EditorRequired]
    public required Rule Rule { get; set; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override void OnParametersSet()
    {
        var parameters = Rule.TriggerParams;
        _next = EventsModule.NextTicks(Rule.TriggerRef, parameters, Clock.GetUtcNow(), EventsModule.TicksShown);
        _expression = Text(parameters, "expression");
        _zone = Text(parameters, "timezone") ?? "UTC";
        _words = _expression ?? Once(parameters) ?? Interval(parameters);
        _missed = Text(parameters, "missed_ticks") switch
        {
            "all" => "Each of them is fired",
            "none" => "None of them is fired",
            _ => "The latest of them is fired",
        };
    }

    private static string? Once(JsonElement parameters) => Text(parameters, "fire_at") is not { } at ? null
        : Text(parameters, "timezone") is { } zone ? $"Once, at {at} in {zone}"
        : $"Once, at {at}";

    // The original's timers count units.
    private static string? Interval(JsonElement parameters) =>
        Number(parameters, "seconds") is { } seconds ? Every(seconds)
        : Number(parameters, "interval") is not { } units ? null
        : Text(parameters, "unit") is not { } unit || unit == "seconds" ? Every(units)
        : string.Create(CultureInfo.InvariantCulture, $"Every {Format.Count(units, unit.TrimEnd('s'))}");

    private static string Every(int seconds) =>
        seconds == 1 ? "Every second" : string.Create(CultureInfo.InvariantCulture, $"Every {Span(seconds)}");

    private static int? Number(JsonElement parameters, string name) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var given)
        && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) ? number : null;

    private static string Span(int seconds) => seconds switch
    {
        _ when seconds % 86_400 == 0 => Format.Count(seconds / 86_400, "day"),
        _ when seconds % 3_600 == 0 => Format.Count(seconds / 3_600, "hour"),
        _ when seconds % 60 == 0 => Format.Count(seconds / 60, "minute"),
        _ => Format.Count(seconds, "second"),
    };

    private static string? Text(JsonElement parameters, string name) =>
        parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
