using Attune.Web.Shared;
using Microsoft.JSInterop;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>
/// What the browser does for the editor of a rule (<c>rule-editor.js</c>): it keeps drafts, which outlive a reload and the host, asks before
/// changes are lost, and moves the focus.
/// </summary>
internal sealed class EditorBrowser(IJSObjectReference script)
{
    /// <summary>The newest draft of a rule, whatever its version; null for none.</summary>
    public async Task<StoredDraft?> NewestAsync(string rule, CancellationToken cancellationToken)
    {
        var drafts = await script.InvokeAsync<string[]?>("drafts", cancellationToken, rule);
        return (drafts ?? []).Select(StoredDraft.Parse).OfType<StoredDraft>().MaxBy(draft => draft.At);
    }

    /// <summary>Keeps a draft in place of the last one of its version.</summary>
    /// <returns>False where the browser keeps nothing.</returns>
    public ValueTask<bool> KeepAsync(string rule, int? version, StoredDraft draft, CancellationToken cancellationToken) =>
        script.InvokeAsync<bool>("keep", cancellationToken, rule, Format.Id(version) ?? "0", draft.ToJson());

    /// <summary>Forgets the drafts of a rule.</summary>
    public ValueTask ForgetAsync(string rule, CancellationToken cancellationToken) => script.InvokeVoidAsync("forget", cancellationToken, rule);

    /// <summary>Says whether something would be lost with the page.</summary>
    public ValueTask SetDirtyAsync(bool dirty, CancellationToken cancellationToken) =>
        script.InvokeVoidAsync("setDirty", cancellationToken, dirty);

    /// <summary>Puts the focus on an element, which may be drawn a moment later.</summary>
    public ValueTask FocusAsync(string id, CancellationToken cancellationToken) => script.InvokeVoidAsync("focus", cancellationToken, id);
}
