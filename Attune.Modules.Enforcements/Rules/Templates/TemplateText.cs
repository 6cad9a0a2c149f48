using System.Text;
using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>A part of a text: as it is, or a token.</summary>
/// <param name="Text">The text; empty for a token.</param>
/// <param name="Token">The token; null for text.</param>
internal sealed record TemplatePart(string Text, TemplateExpression? Token);

/// <summary>Finds the tokens of a text: <c>{{ event.payload.title | default: "none" }}</c>, and <c>{% raw %}…{% endraw %}</c>.</summary>
internal sealed class TemplateText
{
    private readonly TemplateCursor _cursor;
    private readonly TemplateExpressionReader _expressions;
    private readonly List<TemplatePart> _parts = [];
    private readonly StringBuilder _plain = new();

    private TemplateText(string text, string place, TemplateReferences references)
    {
        _cursor = new(text, place);
        _expressions = new(_cursor, references);
    }

    /// <summary>The parts of a text; null when it has nothing but itself.</summary>
    /// <exception cref="RefusedException">A token is wrong; the message says at which character.</exception>
    public static IReadOnlyList<TemplatePart>? Parse(string text, string place, TemplateReferences references) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal)
            ? new TemplateText(text, place, references).Parse()
            : null;

    private List<TemplatePart> Parse()
    {
        while (_cursor.At < _cursor.Text.Length)
        {
            var open = Next();
            _plain.Append(_cursor.Text.AsSpan(_cursor.At, open - _cursor.At));
            _cursor.At = open;
            if (_cursor.At == _cursor.Text.Length)
            {
                break;
            }

            if (_cursor.Text[_cursor.At + 1] == '%')
            {
                ReadRaw();
            }
            else
            {
                _cursor.At += 2;
                var token = _expressions.Read(open);
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
        for (var at = _cursor.At; at + 1 < _cursor.Text.Length; at++)
        {
            if (_cursor.Text[at] == '{' && _cursor.Text[at + 1] is '{' or '%')
            {
                return at;
            }
        }

        return _cursor.Text.Length;
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
        var open = _cursor.At;
        if (!TryTag(_cursor.At, "raw", out var inside))
        {
            throw _cursor.Wrong(open, "no tag is known but {% raw %} and {% endraw %}, between which nothing is a template");
        }

        for (var at = inside; at + 1 < _cursor.Text.Length; at++)
        {
            if (_cursor.Text[at] == '{' && _cursor.Text[at + 1] == '%' && TryTag(at, "endraw", out var after))
            {
                _plain.Append(_cursor.Text.AsSpan(inside, at - inside));
                _cursor.At = after;
                return;
            }
        }

        throw _cursor.Wrong(open, "the {% raw %} has no {% endraw %}");
    }

    private bool TryTag(int at, string name, out int end)
    {
        at = _cursor.Blank(at + 2);
        end = at + name.Length;
        if (string.CompareOrdinal(_cursor.Text, at, name, 0, name.Length) != 0)
        {
            return false;
        }

        end = _cursor.Blank(end);
        var closes = end + 1 < _cursor.Text.Length && _cursor.Text[end] == '%' && _cursor.Text[end + 1] == '}';
        end += 2;
        return closes;
    }
}
