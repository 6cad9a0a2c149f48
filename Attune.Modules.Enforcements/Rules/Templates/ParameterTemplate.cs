using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>
/// The parameters of a rule's action, ready to be filled in. Tokens are found once, in what the rule says; what they put in is
/// never looked at again, so a payload that spells a token stays the text it is.
/// </summary>
internal sealed class ParameterTemplate
{
    /// <summary>Longest outcome: a small rule may name a large payload many times.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly TemplateNode _root;

    private ParameterTemplate(TemplateNode root) => _root = root;

    /// <exception cref="RefusedException">It is not an object, or a template is wrong; the field names the place, such as
    /// <c>action_params.message</c>.</exception>
    public static ParameterTemplate Parse(JsonElement parameters, string place)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object.");
        }

        StorableJson.Check(parameters, place);
        return new(TemplateNode.Parse(parameters, place));
    }

    /// <summary>The parameters with every token replaced, as JSON.</summary>
    /// <exception cref="TemplateTooLargeException">They are longer than <see cref="MaxBytes"/>.</exception>
    public byte[] Render(TemplateScope scope) => RenderedJson.Bytes(writer => _root.Write(writer, scope));
}

/// <summary>What a template came to is longer than can be kept.</summary>
internal sealed class TemplateTooLargeException()
    : Exception($"The parameters come to more than {ParameterTemplate.MaxBytes / (1024 * 1024)} MB.");
