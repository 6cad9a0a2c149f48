using Attune.Db;

namespace Attune.Web.Shared;

/// <summary>What is wrong with a form, by the places that a module names.</summary>
public sealed class FormMistakes
{
    private readonly Dictionary<string, string> _byPlace = new(StringComparer.Ordinal);

    /// <summary>What is wrong where no field is named, or none that was asked for.</summary>
    public string? Whole { get; private set; }

    public bool Any => _byPlace.Count > 0 || Whole is not null;

    /// <summary>All that is wrong, for the head of the form.</summary>
    public IEnumerable<(string Place, string Text)> All => _byPlace.Select(one => (one.Key, one.Value));

    public void Clear()
    {
        _byPlace.Clear();
        Whole = null;
    }

    public void Add(string place, string message) => _byPlace[place] = message;

    /// <summary>Takes what a module refused; its message names the place first, which stands beside the field already.</summary>
    public void Add(RefusedException refused)
    {
        if (refused.Field is not { } place)
        {
            Whole = refused.Message;
            return;
        }

        var text = refused.Message.StartsWith($"{place} ", StringComparison.Ordinal)
            ? refused.Message[(place.Length + 1)..] : refused.Message;
        _byPlace[place] = text.Length == 0 ? refused.Message : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>What is wrong with a field or a part of it; null when nothing is.</summary>
    public string? Of(string place)
    {
        foreach (var (key, text) in _byPlace)
        {
            if (key == place || (key.StartsWith(place, StringComparison.Ordinal) && (key[place.Length] is '.' or '[')))
            {
                return key == place ? text : $"{key[place.Length..].TrimStart('.')}: {text}";
            }
        }

        return null;
    }
}
