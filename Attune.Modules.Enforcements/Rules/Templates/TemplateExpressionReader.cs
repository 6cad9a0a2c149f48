using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>Reads what stands between double braces: a value, and the filters that it goes through.</summary>
/// <param name="cursor">Where the reading has come to.</param>
/// <param name="references">The names of the whole template.</param>
internal sealed class TemplateExpressionReader(TemplateCursor cursor, TemplateReferences references)
{
    private const int MostFilters = 20;

    /// <summary>Reads up to the braces that close it.</summary>
    /// <param name="open">Where the braces are that open it.</param>
    /// <exception cref="RefusedException">It is wrong; the message says at which character.</exception>
    public TemplateExpression Read(int open)
    {
        var head = ReadOperand(open);
        var filters = new List<TemplateFilter>();
        while (cursor.Skip('|'))
        {
            filters.Add(ReadFilter());
            if (filters.Count > MostFilters)
            {
                throw cursor.Wrong(cursor.At, $"a value goes through at most {MostFilters} filters");
            }
        }

        if (cursor.Blank(cursor.At) is var at && at + 1 < cursor.Text.Length && cursor.Text[at] == '}' && cursor.Text[at + 1] == '}')
        {
            cursor.At = at + 2;
            return new(head, filters);
        }

        throw at >= cursor.Text.Length || cursor.Text.IndexOf("}}", at, StringComparison.Ordinal) < 0
            ? cursor.Wrong(open, "the {{ has no }} that closes it; {% raw %}{{{% endraw %} is braces that mean nothing")
            : cursor.Wrong(at, "a | with a filter was expected, or }}");
    }

    private TemplateFilter ReadFilter()
    {
        cursor.At = cursor.Blank(cursor.At);
        var start = cursor.At;
        while (cursor.At < cursor.Text.Length && (char.IsAsciiLetterOrDigit(cursor.Text[cursor.At]) || cursor.Text[cursor.At] == '_'))
        {
            cursor.At++;
        }

        var name = cursor.Text[start..cursor.At];
        var arguments = new List<(string? Name, TemplateOperand Value)>();
        if (cursor.Skip(':'))
        {
            do
            {
                arguments.Add(ReadArgument());
            }
            while (cursor.Skip(','));
        }

        var plain = arguments.Where(argument => argument.Name is null).ToList();
        if (name.Length == 0)
        {
            throw cursor.Wrong(start, "the name of a filter was expected");
        }

        if (TemplateFilters.Mistake(name, plain.Count, arguments.Where(one => one.Name is not null).Select(one => one.Name!)) is { } mistake)
        {
            throw cursor.Wrong(start, mistake);
        }

        return new(name, arguments);
    }

    private (string? Name, TemplateOperand Value) ReadArgument()
    {
        cursor.At = cursor.Blank(cursor.At);
        var end = cursor.At;
        while (end < cursor.Text.Length && (char.IsAsciiLetterOrDigit(cursor.Text[end]) || cursor.Text[end] == '_'))
        {
            end++;
        }

        var colon = cursor.Blank(end);
        if (end > cursor.At && colon < cursor.Text.Length && cursor.Text[colon] == ':')
        {
            var name = cursor.Text[cursor.At..end];
            cursor.At = colon + 1;
            return (name, ReadOperand(cursor.At));
        }

        return (null, ReadOperand(cursor.At));
    }

    private TemplateOperand ReadOperand(int open)
    {
        cursor.At = cursor.Blank(cursor.At);
        var start = cursor.At;
        if (start >= cursor.Text.Length)
        {
            throw cursor.Wrong(open, "the {{ has no }} that closes it");
        }

        if (cursor.Text[start] is '"' or '\'')
        {
            var close = cursor.Text.IndexOf(cursor.Text[start], start + 1);
            if (close < 0)
            {
                throw cursor.Wrong(start, "the text is not closed");
            }

            cursor.At = close + 1;
            return new(JsonSerializer.SerializeToElement(cursor.Text[(start + 1)..close]), null);
        }

        var reference = references.TryRead(cursor.Text, start, out var end, out var mistake);
        if (mistake.Message is not null)
        {
            throw cursor.Wrong(mistake.At, mistake.Message);
        }

        cursor.At = end;
        return reference is not null ? new(null, reference)
            : Constant(cursor.Text[start..end]) is { } constant ? new(constant.ValueKind == JsonValueKind.Null ? null : constant, null)
            : throw cursor.Wrong(start, Unknown(start, end));
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
        var close = cursor.Text.IndexOf("}}", start, StringComparison.Ordinal);
        var name = end > start ? cursor.Text[start..end] : close < 0 ? cursor.Text[start..] : cursor.Text[start..close].Trim();
        return $"{StorableText.Excerpt(name)} is not there. Templates may name {TemplateReference.Known}; "
            + "{% raw %} and {% endraw %} stand around what is meant for somebody else";
    }
}
