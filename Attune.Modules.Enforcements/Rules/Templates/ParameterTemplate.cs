using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>
/// The parameters of a rule's action, ready to be filled in. Tokens are found once, in what the rule says; what they put in is
/// never looked at again, so a payload that spells a token stays the text it is.
/// </summary>
internal sealed class ParameterTemplate
{
    private readonly TemplateNode _root;
    private readonly int _references;

    private ParameterTemplate(TemplateNode root, TemplateReferences references)
    {
        _root = root;
        _references = references.Count;
        ReadsOutside = references.ReadsOutside;
    }

    /// <summary>Whether anything of the event but its payload is named.</summary>
    public bool ReadsOutside { get; }

    /// <exception cref="RefusedException">It is not an object, or a template is wrong; the field names the place, such as
    /// <c>action_params.message</c>, and the message the character.</exception>
    public static ParameterTemplate Parse(JsonElement parameters, string place)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object.");
        }

        StorableJson.Check(parameters, place);
        var references = new TemplateReferences();
        return new(TemplateNode.Parse(parameters, place, key: "", references), references);
    }

    /// <summary>Fills in everything but what the event gets only when it is written: its id and its instant.</summary>
    /// <exception cref="BudgetExceededException">It takes too much, or comes to too many bytes.</exception>
    /// <exception cref="InvalidOperationException">A filter cannot do what it is asked with these values, or an address would change.</exception>
    public RenderedParameters Render(TemplateScope scope) => new TemplateRender(scope, _references).Write(_root);
}
