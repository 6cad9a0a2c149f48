using System.Globalization;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Spells the way to a value of a payload so that it is read as that again.</summary>
internal static class PayloadPath
{
    public static PathStep KeyStep(string key) => PathStep.Of(
        PathText.IsBare(key) && key[0] is not ('/' or '$') ? StepKind.Name : StepKind.Key, key);

    public static PathStep PlaceStep(int index) => PathStep.Of(StepKind.Index, index.ToString(CultureInfo.InvariantCulture));

    public static string Text(IReadOnlyList<PathStep> steps) => steps.Count == 0 ? "$" : steps.Aggregate("", (path, step) => step.Kind switch
    {
        StepKind.Index => ConditionPaths.At(path, int.Parse(step.Key, CultureInfo.InvariantCulture)),
        StepKind.Each => ConditionPaths.Each(path),
        _ => ConditionPaths.Below(path, step.Key),
    });

    public static string FullText(IReadOnlyList<PathStep> steps)
    {
        var path = new JsonPath(steps).ToString();
        return path.Length == 0 || path[0] == '[' ? $"event.payload{path}" : $"event.payload.{path}";
    }
}
