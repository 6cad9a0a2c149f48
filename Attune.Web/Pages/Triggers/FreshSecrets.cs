namespace Attune.Web.Pages.Triggers;

/// <summary>
/// The secret of a webhook between the form where it was entered or made and the page that shows it, once. One for each circuit; nothing
/// else can read a secret again.
/// </summary>
public sealed class FreshSecrets
{
    private (string Reference, string Secret)? _kept;

    /// <summary>Keeps the secret of a trigger; an empty one is none.</summary>
    public void Keep(string reference, string secret) => _kept = secret.Length == 0 ? null : (reference, secret);

    /// <summary>The secret of a trigger, and forgets it; null when none was kept for it.</summary>
    public string? Take(string reference)
    {
        var secret = _kept is { } kept && kept.Reference == reference ? kept.Secret : null;
        _kept = null;
        return secret;
    }
}
