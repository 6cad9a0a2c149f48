using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Attune.Web.Lists;

/// <summary>
/// A field for a known value, such as a rule's reference: typing narrows what is suggested and chooses nothing. The arrow keys go
/// through the suggestions, Enter takes the one they are on, or else what was typed; Tab takes nothing. Rows outlive what they
/// name, so any text may be taken, unless <see cref="KnownOnly"/>. In a filter bar it has a frame of its own, and leaving it takes
/// nothing; in a form (<see cref="Typing"/>) what is typed stands as in any other field.
/// </summary>
public sealed partial class Combobox
{
    private const int Most = 20;

    private readonly string _id = $"combobox-{Guid.NewGuid():N}";
    private IReadOnlyList<string>? _known;
    private string? _value;
    private string _text = "";
    private string? _mistake;
    private bool _open;
    private bool _isTyped;
    private int? _active;

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required string? Value { get; set; }

    /// <summary>Called once for each choice, never while somebody types; null when the field was cleared.</summary>
    [Parameter]
    public EventCallback<string?> Changed { get; set; }

    /// <summary>The values that exist; asked for when the suggestions open.</summary>
    [Parameter]
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? Known { get; set; }

    /// <summary>Takes only values that exist.</summary>
    [Parameter]
    public bool KnownOnly { get; set; }

    [Parameter]
    public string? Placeholder { get; set; } = "pack.name";

    /// <summary>Called for each key; given, the field is one of a form.</summary>
    [Parameter]
    public EventCallback<string> Typing { get; set; }

    /// <summary>The id of the input; null for one of its own.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>What is said of a suggestion beside it.</summary>
    [Parameter]
    public Func<string, string?>? About { get; set; }

    /// <summary>Whether what contains the field says that it is wrong.</summary>
    [Parameter]
    public bool IsInvalid { get; set; }

    /// <summary>Whether Alt with an arrow key is for what contains the field.</summary>
    [Parameter]
    public bool LeavesAlt { get; set; }

    /// <summary>Further attributes of the input.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Others { get; set; }

    [Parameter]
    public string? Class { get; set; }

    private string InputId => Id ?? _id;

    private bool IsInForm => Typing.HasDelegate;

    private bool IsWrong => IsInvalid || _mistake is not null;

    private string? Typed => AddressQuery.ParseText(_text);

    // What stands in the field narrows nothing before somebody types.
    private string? Part => Typed is { } typed && (_isTyped || typed != Value) ? typed : null;

    private IReadOnlyList<string> Matching => _known is not { } known ? []
        : Part is { } part ? [.. known.Where(one => one.Contains(part, StringComparison.OrdinalIgnoreCase))]
        : known;

    private IReadOnlyList<string> Shown => _open ? [.. Matching.Take(Most)] : [];

    // What Enter would do, and what is not shown.
    private string? Hint => !_open ? null
        : _known is null && Known is not null ? "Reading…"
        : Matching.Count > Most ? $"{Matching.Count - Most} more: type to narrow."
        : Matching.Count > 0 ? null
        : KnownOnly || (IsInForm && Part is not null) ? "Nothing that exists has this in its name."
        : Part is { } part ? $"Nothing known. Enter takes “{Visible.Beginning(part, 40)}”."
        : "Nothing to suggest.";

    protected override void OnParametersSet()
    {
        if (_value != Value)
        {
            _value = Value;
            (_text, _mistake) = (Value ?? "", null);
        }
    }

    private async Task TypedAsync(string? text)
    {
        (_text, _mistake, _active, _isTyped) = (text ?? "", null, null, true);
        if (IsInForm)
        {
            await Typing.InvokeAsync(_text);
        }

        await OpenAsync();
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key)
        {
            case { AltKey: true } when LeavesAlt:
                break;
            case { Key: "ArrowDown", AltKey: true }:
                await OpenAsync();
                break;
            case { Key: "ArrowUp", AltKey: true }:
                Close();
                break;
            case { Key: "ArrowDown" }:
                await OpenAsync();
                Move(_active is { } active ? active + 1 : 0);
                break;
            case { Key: "ArrowUp" }:
                await OpenAsync();
                Move(_active is { } current ? current - 1 : -1);
                break;
            case { Key: "Enter" }:
                await EnterAsync();
                break;
            case { Key: "Escape" } when _open:
                Close();
                break;
            case { Key: "Escape" }:
                Restore();
                break;
            case { Key: "ArrowLeft" or "ArrowRight" or "Home" or "End" }:
                _active = null;
                break;
        }
    }

    private void Move(int to)
    {
        var count = Shown.Count;
        _active = count == 0 ? null : (to + count) % count;
    }

    private async Task EnterAsync()
    {
        if (_active is { } active && active < Shown.Count)
        {
            await TakeAsync(Shown[active]);
            return;
        }

        if (KnownOnly && Typed is { } typed)
        {
            await ReadAsync();
            if (_known?.FirstOrDefault(one => one.Equals(typed, StringComparison.OrdinalIgnoreCase)) is not { } exact)
            {
                _mistake = $"There is no “{Visible.Beginning(typed, 60)}”.";
                return;
            }

            await TakeAsync(exact);
            return;
        }

        await TakeAsync(Typed);
    }

    private async Task TakeAsync(string? value)
    {
        Close();
        var isOther = value != Value || _isTyped;
        (_text, _mistake, _isTyped) = (value ?? "", null, false);
        if (isOther)
        {
            await Changed.InvokeAsync(value);
        }
    }

    private Task ToggleAsync()
    {
        if (_open)
        {
            Close();
            return Task.CompletedTask;
        }

        return OpenAsync();
    }

    private async Task OpenAsync()
    {
        _open = true;
        if (_known is null)
        {
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            _known = Known is null ? [] : await Known(Leaving);
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    // The next time it is opened, what exists is asked for again.
    private void Close() => (_open, _active, _known) = (false, null, null);

    // Of a form, it keeps what was typed; of a filter bar, it says what is chosen, and nothing else.
    private async Task LeaveAsync()
    {
        if (IsInForm && _isTyped)
        {
            await TakeAsync(Typed);
            return;
        }

        Close();
        Restore();
    }

    private void Restore() => (_text, _mistake, _isTyped) = (Value ?? "", null, false);
}
