using System.Buffers;
using System.Text;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>
/// Follows an address while it is put together, and encodes what an event says for where it stands, so that it can change neither host, path
/// nor query: a text of an address has as many parts as the rule wrote.
/// </summary>
internal sealed class AddressEncoder
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private readonly StringBuilder _segment = new();
    private AddressPart _part;
    private bool _segmentHasToken;
    private bool _hasHost;

    private enum AddressPart
    {
        /// <summary>Nothing yet that says what comes: a scheme, or a whole address from elsewhere.</summary>
        Start,
        Host,
        Path,
        Query,
        Fragment,
    }

    /// <summary>Whether a text is an address: it begins like one, or stands where one is wanted.</summary>
    public static bool IsAddress(string beginning, string key)
    {
        if (key is "url" or "uri" or "href")
        {
            return true;
        }

        var scheme = beginning.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && char.IsAsciiLetter(beginning[0])
            && beginning.AsSpan(0, scheme).IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    /// <summary>Takes what stands in the address as it is.</summary>
    public void Pass(string text)
    {
        foreach (var character in text)
        {
            switch (_part)
            {
                case AddressPart.Start:
                    PassStart(character);
                    break;
                case AddressPart.Host when character is '/' or '\\':
                    Begin(AddressPart.Path);
                    break;
                case AddressPart.Host or AddressPart.Path when character == '?':
                    EndSegment();
                    Begin(AddressPart.Query);
                    break;
                case not AddressPart.Fragment when character == '#':
                    EndSegment();
                    Begin(AddressPart.Fragment);
                    break;
                case AddressPart.Host:
                    _hasHost = true;
                    break;
                case AddressPart.Path when character is '/' or '\\':
                    EndSegment();
                    break;
                case AddressPart.Path when _segment.Length < 8:
                    _segment.Append(character);
                    break;
            }
        }
    }

    /// <summary>Encodes what an event says for where it stands.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="next">What the rule writes after it.</param>
    /// <exception cref="InvalidOperationException">It would change the host.</exception>
    public string Encode(string text, string next)
    {
        switch (_part)
        {
            case AddressPart.Start when _segment.Length == 0:
                Pass(text);
                return text;
            case AddressPart.Start when !IsSlash:
                var encoded = Uri.EscapeDataString(text);
                _segment.Append(encoded);
                return encoded;
            case AddressPart.Host:
                var isWholeHost = !_hasHost && (next.Length == 0 || next[0] is '/' or ':' or '?' or '#');
                _hasHost = true;
                return text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' || (isWholeHost && character == '.'))
                    ? text
                    : throw new InvalidOperationException("What the event says would change the host of an address.");
            case AddressPart.Start or AddressPart.Path:
                BeginPath();
                _segmentHasToken = true;
                _segment.Append(text.AsSpan(0, Math.Min(text.Length, 8)));
                return Uri.EscapeDataString(text);
            default:
                return Uri.EscapeDataString(text);
        }
    }

    /// <summary>The address is complete.</summary>
    /// <exception cref="InvalidOperationException">What an event says would change its path.</exception>
    public void End() => EndSegment();

    // Two slashes begin a host, after a scheme or at once; one begins a path.
    private void PassStart(char character)
    {
        switch (character)
        {
            case '?' or '#':
                Begin(character == '?' ? AddressPart.Query : AddressPart.Fragment);
                break;
            case '/' when IsSlash:
                Begin(AddressPart.Host);
                break;
            case '/' when _segment.Length > 0 && _segment[^1] != ':':
                Begin(AddressPart.Path);
                break;
            default:
                if (IsSlash)
                {
                    BeginPath();
                }

                _segment.Append(character);
                break;
        }
    }

    private bool IsSlash => _segment.Length > 0 && _segment[^1] == '/';

    private void BeginPath()
    {
        if (_part == AddressPart.Start)
        {
            Begin(AddressPart.Path);
        }
    }

    private void Begin(AddressPart part)
    {
        _part = part;
        _segment.Clear();
        _segmentHasToken = false;
    }

    private void EndSegment()
    {
        if (_segmentHasToken && _segment.ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..")
        {
            throw new InvalidOperationException("What the event says would change the path of an address: it is . or ..");
        }

        _segment.Clear();
        _segmentHasToken = false;
    }
}
