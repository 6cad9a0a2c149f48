using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>A place that is filled in once the event is written.</summary>
internal sealed class TemplateHole(TemplateExpression expression, bool isWhole, bool isEncoded)
{
    /// <summary>Stands for it meanwhile; nobody can know it, so no payload has it.</summary>
    public string Marker { get; } = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";

    public bool IsWhole { get; } = isWhole;

    /// <summary>What comes in its place, as JSON: a value, or the inside of a text.</summary>
    public byte[] Fill(TemplateRender render, WrittenFacts written)
    {
        var value = expression.Evaluate(render, written);
        if (IsWhole)
        {
            return RenderedJson.Bytes(writer =>
            {
                if (value is { } whole)
                {
                    whole.WriteTo(writer);
                }
                else
                {
                    writer.WriteNullValue();
                }
            });
        }

        var text = TemplateNode.TextOf(value);
        var quoted = RenderedJson.Bytes(writer => writer.WriteStringValue(isEncoded ? Uri.EscapeDataString(text) : text));
        return quoted[1..^1];
    }
}
