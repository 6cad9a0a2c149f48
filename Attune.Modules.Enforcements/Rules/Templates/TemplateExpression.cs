using System.Text.Json;
using Fluid.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>What stands between double braces: a value, and the filters that it goes through.</summary>
/// <param name="Head">The value that it begins with.</param>
/// <param name="Filters">The filters, from left to right.</param>
internal sealed record TemplateExpression(TemplateOperand Head, IReadOnlyList<TemplateFilter> Filters)
{
    /// <summary>Whether it is known only once the event is written.</summary>
    public bool IsLate { get; } = Head.IsLate || Filters.Any(filter => filter.Arguments.Any(argument => argument.Value.IsLate));

    /// <summary>Whether a sender decides what it says.</summary>
    public bool IsForeign { get; } = Head.IsForeign || Filters.Any(filter => filter.Arguments.Any(argument => argument.Value.IsForeign));

    /// <summary>Whether the rule asks for it as it is where it would be encoded.</summary>
    public bool IsRaw { get; } = Filters is [.., { Name: "raw" or "url_encode" }];

    /// <summary>What it comes to; null when nothing is there.</summary>
    public JsonElement? Evaluate(TemplateRender render, WrittenFacts? written)
    {
        var value = Head.Find(render, written);
        if (Filters.Count == 0)
        {
            return value;
        }

        var at = FluidJson.Of(value, render.Scope.Budget);
        foreach (var filter in Filters)
        {
            at = filter.Apply(at, render, written);
        }

        return FluidJson.ToJson(at, render.Scope.Budget);
    }
}

/// <summary>A value of a template: one that the rule writes, or the name of one.</summary>
internal sealed record TemplateOperand(JsonElement? Literal, TemplateReference? Reference)
{
    public bool IsLate => Reference?.IsLate == true;

    public bool IsForeign => Reference?.IsForeign == true;

    public JsonElement? Find(TemplateRender render, WrittenFacts? written) =>
        Reference is { } reference ? render.Find(reference, written) : Literal;
}

/// <summary>A filter with what it is given.</summary>
/// <param name="Name">Its name in Liquid.</param>
/// <param name="Arguments">What it is given; those without a name in order.</param>
internal sealed record TemplateFilter(string Name, IReadOnlyList<(string? Name, TemplateOperand Value)> Arguments)
{
    public FluidValue Apply(FluidValue input, TemplateRender render, WrittenFacts? written)
    {
        var budget = render.Scope.Budget;
        var arguments = new Fluid.FilterArguments();
        foreach (var (name, operand) in Arguments)
        {
            var value = FluidJson.Of(operand.Find(render, written), budget);
            _ = name is null ? arguments.Add(value) : arguments.Add(name, value);
        }

        return TemplateFilters.Apply(Name, input, arguments, budget);
    }
}
