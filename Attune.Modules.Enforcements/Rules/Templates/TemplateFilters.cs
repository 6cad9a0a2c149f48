using System.Globalization;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Fluid;
using Fluid.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>
/// The filters: Liquid's, by Fluid, as far as what they cost can be told beforehand and what they come to does not depend on where and when
/// they run.
/// </summary>
internal static class TemplateFilters
{
    // Past this, a list costs more memory than its text.
    private const int MostItems = 20_000;

    private static readonly TemplateOptions Options = new()
    {
        CultureInfo = CultureInfo.InvariantCulture,
        TimeZone = TimeZoneInfo.Utc,
    };

    private static readonly OrderedDictionary<string, (int Least, int Most)> Arguments = new(StringComparer.Ordinal)
    {
        ["default"] = (1, 1),
        ["json"] = (0, 0),
        ["url_encode"] = (0, 0),
        ["url_decode"] = (0, 0),
        ["raw"] = (0, 0),
        ["upcase"] = (0, 0),
        ["downcase"] = (0, 0),
        ["capitalize"] = (0, 0),
        ["strip"] = (0, 0),
        ["lstrip"] = (0, 0),
        ["rstrip"] = (0, 0),
        ["strip_newlines"] = (0, 0),
        ["newline_to_br"] = (0, 0),
        ["escape"] = (0, 0),
        ["append"] = (1, 1),
        ["prepend"] = (1, 1),
        ["remove"] = (1, 1),
        ["remove_first"] = (1, 1),
        ["remove_last"] = (1, 1),
        ["replace"] = (1, 2),
        ["replace_first"] = (1, 2),
        ["replace_last"] = (1, 2),
        ["slice"] = (1, 2),
        ["split"] = (1, 1),
        ["truncate"] = (0, 2),
        ["truncatewords"] = (0, 2),
        ["base64_encode"] = (0, 0),
        ["base64_decode"] = (0, 0),
        ["sha256"] = (0, 0),
        ["date"] = (1, 1),
        ["time_zone"] = (1, 1),
        ["join"] = (0, 1),
        ["first"] = (0, 0),
        ["last"] = (0, 0),
        ["size"] = (0, 0),
        ["map"] = (1, 1),
        ["where"] = (1, 2),
        ["sort"] = (0, 1),
        ["sort_natural"] = (0, 1),
        ["uniq"] = (0, 1),
        ["compact"] = (0, 1),
        ["reverse"] = (0, 0),
        ["sum"] = (0, 1),
        ["plus"] = (1, 1),
        ["minus"] = (1, 1),
        ["times"] = (1, 1),
        ["divided_by"] = (1, 1),
        ["modulo"] = (1, 1),
        ["abs"] = (0, 0),
        ["ceil"] = (0, 0),
        ["floor"] = (0, 0),
        ["round"] = (0, 1),
        ["at_least"] = (1, 1),
        ["at_most"] = (1, 1),
    };

    /// <summary>The names, for a message.</summary>
    public static string Names { get; } = string.Join(", ", Arguments.Keys.Order(StringComparer.Ordinal));

    /// <summary>What is wrong with a filter and the number of its arguments; null when nothing is.</summary>
    public static string? Mistake(string name, int arguments, IEnumerable<string> named) =>
        !Arguments.TryGetValue(name, out var takes) ? $"there is no filter {name}; those there are: {Names}"
        : arguments < takes.Least || arguments > takes.Most
            ? $"the filter {name} takes {(takes.Least == takes.Most ? Number(takes.Least) : $"{Number(takes.Least)} to {Number(takes.Most)}")} "
                + $"arguments, and not {Number(arguments)}"
        : named.FirstOrDefault(one => name != "default" || one != "allow_false") is { } unknown
            ? $"the filter {name} has no argument {unknown}"
        : null;

    /// <exception cref="InvalidOperationException">It cannot do that with these values.</exception>
    /// <exception cref="BudgetExceededException">It would take too much.</exception>
    public static FluidValue Apply(string name, FluidValue input, FilterArguments arguments, EvaluationBudget budget)
    {
        switch (name)
        {
            case "json":
                return new StringValue(FluidJson.Text(input, budget));

            // What the clock shows when a rule happens to be evaluated is nothing that can be explained later.
            case "date" when input is StringValue && input.ToStringValue().Trim() is "now" or "today":
                return input;
        }

        Check(name, input, arguments, budget);
        try
        {
            _ = Options.Filters.TryGetValue(name, out var filter);
            var context = new TemplateContext(Options);
            var task = filter!(input, arguments, context);
            return task.IsCompleted ? task.Result : throw new InvalidOperationException($"The filter {name} did not end.");
        }
        catch (Exception error) when (error is not (OutOfMemoryException or BudgetExceededException))
        {
            throw new InvalidOperationException($"The filter {name} cannot do this with what it is given: {error.Message}", error);
        }
    }

    // Most come to no more than a few times what they are given; these two multiply.
    private static void Check(string name, FluidValue input, FilterArguments arguments, EvaluationBudget budget)
    {
        if (input is ArrayValue list)
        {
            var items = list.Values.Count;
            budget.Spend(1 + items);
            if (items > MostItems)
            {
                throw new BudgetExceededException($"The filter {name} takes lists of at most {MostItems} items.", BudgetKind.Steps);
            }

            if (name == "join")
            {
                budget.CheckBytes((long)items * (arguments.At(0).ToStringValue().Length + 1));
            }

            return;
        }

        var text = input.Type == FluidValues.String ? input.ToStringValue() : "";
        budget.Spend(1 + (text.Length >> 2));
        switch (name)
        {
            case "replace":
                var sought = arguments.At(0).ToStringValue();
                var found = sought.Length == 0 ? text.Length + 1 : Occurrences(text, sought);
                budget.CheckBytes(text.Length + ((long)found * arguments.At(1).ToStringValue().Length));
                break;
            case "split":
                var separator = arguments.At(0).ToStringValue();
                if ((separator.Length == 0 ? text.Length : Occurrences(text, separator)) > MostItems)
                {
                    throw new BudgetExceededException($"The filter split makes lists of at most {MostItems} items.", BudgetKind.Steps);
                }

                break;
        }
    }

    private static int Occurrences(string text, string sought)
    {
        var count = 0;
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(sought, at + sought.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
