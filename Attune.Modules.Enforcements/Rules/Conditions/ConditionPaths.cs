using System.Globalization;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements;

/// <summary>Writes paths as the text form of conditions has them.</summary>
public static class ConditionPaths
{
    /// <summary>Whether a text is a path into the payload, such as <c>total</c> or <c>alerts[*].status</c>.</summary>
    public static bool IsOfPayload(string text)
    {
        try
        {
            return FieldPath.Parse(text, "path").Root == FieldRoot.Payload;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    /// <summary>A path with one more key.</summary>
    /// <param name="path">A path; empty for the payload itself.</param>
    /// <param name="key">Any key.</param>
    public static string Below(string path, string key)
    {
        var first = path.Length == 0;
        if (!PathText.IsBare(key) || key[0] is '/' or '$')
        {
            return $"{(first ? "$" : path)}[{PathText.Quoted(key)}]";
        }

        return !first ? $"{path}.{key}"
            : key == "event" || ConditionGrammar.IsReserved(key) || key[0] is '-' || char.IsAsciiDigit(key[0]) ? $"$.{key}"
            : key;
    }

    /// <summary>A path with a place in an array.</summary>
    /// <param name="path">A path; empty for the payload itself.</param>
    /// <param name="index">The place, from 0.</param>
    public static string At(string path, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? "$" : path)}[{index}]");

    /// <summary>A path to each item of an array.</summary>
    /// <param name="path">A path; empty for the payload itself.</param>
    public static string Each(string path) => $"{(path.Length == 0 ? "$" : path)}[*]";
}
