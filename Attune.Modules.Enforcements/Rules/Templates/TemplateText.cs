using System.Globalization;
using System.Text;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>A part of a text: as it is, or a token.</summary>
/// <param name="Text">The text; empty for a token.</param>
/// <param name="Token">The token; null for text.</param>
internal sealed record TemplatePart(string Text, TemplateExpression? Token);

/// <summary>Finds the tokens of a text: <c>{{ event.payload.title | default: "none" }}</c>, and <c>{% raw %}…{% endraw %}</c>.</summary>
internal sealed class TemplateText
{
    private const int MostFilters = 20;

    private readonly string _text;
    private readonly string _place;
    private readonly TemplateReferences _references;
    private readonly List<TemplatePart> _parts = [];
    private readonly StringBuilder _plain = new();
    private int _at;

    private TemplateText(string text, string place, TemplateReferences references)
    {
        _text = text;
        _place = place;
        _references = references;
    }

    /// <summary>The parts of a text; null when it has nothing but itself.</summary>
    /// <exception cref="RefusedException">A token is wrong; the message says at which character.</exception>
    public static IReadOnlyList<TemplatePart>? Parse(string text, string place, TemplateReferences references) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal)
            ? new TemplateText(text, place, references).Parse()
            : null;

    private List<TemplatePart> Parse()
    {
        while (_at < _text.Length)
        {
            var open = Next();
            _plain.Append(_text.AsSpan(_at, open - _at));
            _at = open;
            if (_at == _text.Length)
            {
                break;
            }

            if (_text[_at + 1] == '%')
            {
                ReadRaw();
            }
            else
            {
                _at += 2;
                var token = ReadExpression(open);
                AddPlain();
                _parts.Add(new("", token));
            }
        }

        if (_plain.Length > 0 || _parts.Count == 0)
        {
            AddPlain(always: true);
        }

        return _parts;
    }

    private int Next()
    {
        for (var at = _at; at + 1 < _text.Length; at++)
        {
            if (_text[at] == '{' && _text[at + 1] is '{' or '%')
            {
                return at;
            }
        }

        return _text.Length;
    }

    private void AddPlain(bool always = false)
    {
        if (_plain.Length > 0 || always)
        {
            _parts.Add(new(_plain.ToString(), null));
            _plain.Clear();
        }
    }

    private void ReadRaw()
    {
        var open = _at;
        if (!TryTag(_at, "raw", out var inside))
        {
            throw Wrong(open, "no tag is known but {% raw %} and {% endraw %}, between which nothing is a template");
        }

        for (var at = inside; at + 1 < _text.Length; at++)
        {
            if (_text[at] == '{' && _text[at + 1] == '%' && TryTag(at, "endraw", out var after))
            {
                _plain.Append(_text.AsSpan(inside, at - inside));
                _at = after;
                return;
            }
        }

        throw Wrong(open, "the {% raw %} has no {% endraw %}");
    }

    private bool TryTag(int at, string name, out int end)
    {
        at = Blank(at + 2);
        end = at + name.Length;
        if (string.CompareOrdinal(_text, at, name, 0, name.Length) != 0)
        {
            return false;
        }

        end = Blank(end);
        var closes = end + 1 < _text.Length && _text[end] == '%' && _text[end + 1] == '}';
        end += 2;
        return closes;
    }

    private TemplateExpression ReadExpression(int open)
    {
        var head = ReadOperand(open);
        var filters = new List<TemplateFilter>();
        while (Skip('|'))
        {
            filters.Add(ReadFilter());
            if (filters.Count > MostFilters)
            {
                throw Wrong(_at, $"a value goes through at most {MostFilters} filters");
            }
        }

        if (Blank(_at) is var at && at + 1 < _text.Length && _text[at] == '}' && _text[at + 1] == '}')
        {
            _at = at + 2;
            return new(head, filters);
        }

        throw at >= _text.Length || _text.IndexOf("}}", at, StringComparison.Ordinal) < 0
            ? Wrong(open, "the {{ has no }} that closes it; {% raw %}{{{% endraw %} is braces that mean nothing")
            : Wrong(at, "a | with a filter was expected, or }}");
    }

    private TemplateFilter ReadFilter()
    {
        _at = Blank(_at);
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        var name = _text[start.._at];
        var arguments = new List<(string? Name, TemplateOperand Value)>();
        if (Skip(':'))
        {
            do
            {
                arguments.Add(ReadArgument());
            }
            while (Skip(','));
        }

        var plain = arguments.Where(argument => argument.Name is null).ToList();
        if (name.Length == 0)
        {
            throw Wrong(start, "the name of a filter was expected");
        }

        if (TemplateFilters.Mistake(name, plain.Count, arguments.Where(one => one.Name is not null).Select(one => one.Name!)) is { } mistake)
        {
            throw Wrong(start, mistake);
        }

        return new(name, arguments);
    }

    private (string? Name, TemplateOperand Value) ReadArgument()
    {
        _at = Blank(_at);
        var end = _at;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_'))
        {
            end++;
        }

        var colon = Blank(end);
        if (end > _at && colon < _text.Length && _text[colon] == ':')
        {
            var name = _text[_at..end];
            _at = colon + 1;
            return (name, ReadOperand(_at));
        }

        return (null, ReadOperand(_at));
    }

    private TemplateOperand ReadOperand(int open)
    {
        _at = Blank(_at);
        var start = _at;
        if (start >= _text.Length)
        {
            throw Wrong(open, "the {{ has no }} that closes it");
        }

        if (_text[start] is '"' or '\'')
        {
            var close = _text.IndexOf(_text[start], start + 1);
            if (close < 0)
            {
                throw Wrong(start, "the text is not closed");
            }

            _at = close + 1;
            return new(JsonSerializer.SerializeToElement(_text[(start + 1)..close]), null);
        }

        var reference = _references.TryRead(_text, start, out var end, out var mistake);
        if (mistake.Message is not null)
        {
            throw Wrong(mistake.At, mistake.Message);
        }

        _at = end;
        return reference is not null ? new(null, reference)
            : Constant(_text[start..end]) is { } constant ? new(constant.ValueKind == JsonValueKind.Null ? null : constant, null)
            : throw Wrong(start, Unknown(start, end));
    }

    private static JsonElement? Constant(string word)
    {
        try
        {
            return word is "nil" ? JsonElement.Parse("null")
                : word is "true" or "false" or "null" || (word.Length > 0 && (char.IsAsciiDigit(word[0]) || word[0] == '-'))
                    ? JsonElement.Parse(word) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Unknown(int start, int end)
    {
        var close = _text.IndexOf("}}", start, StringComparison.Ordinal);
        var name = end > start ? _text[start..end] : close < 0 ? _text[start..] : _text[start..close].Trim();
        return $"{StorableText.Excerpt(name)} is not there. Templates may name {TemplateReference.Known}; "
            + "{% raw %} and {% endraw %} stand around what is meant for somebody else";
    }

    private bool Skip(char character)
    {
        var at = Blank(_at);
        if (at >= _text.Length || _text[at] != character)
        {
            return false;
        }

        _at = at + 1;
        return true;
    }

    private int Blank(int at)
    {
        while (at < _text.Length && char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        return at;
    }

    private RefusedException Wrong(int at, string message) => RefusedException.Invalid(
        _place, string.Create(CultureInfo.InvariantCulture, $"{_place}, character {at + 1}: {message}."));
}
