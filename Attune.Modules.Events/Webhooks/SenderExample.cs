using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The example of a sender's page in <c>Senders/</c>: its setting, its headers and a body.</summary>
internal sealed partial record SenderExample(JsonElement Settings, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static SenderExample Read(string name)
    {
        using var stream = typeof(SenderExample).Assembly.GetManifestResourceStream($"sender:{name}")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        var blocks = Fence().Matches(text).ToDictionary(
            match => match.Groups["name"].Value, match => Unindented(match.Groups["indent"].Value, match.Groups["text"].Value),
            StringComparer.Ordinal);
        return new(
            JsonElement.Parse(blocks["json settings"]),
            Header().Matches(blocks["sh delivery"]).ToDictionary(
                match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.OrdinalIgnoreCase),
            blocks["json delivery"].Trim());
    }

    private static string Unindented(string indent, string text) =>
        string.Join(
            '\n', text.Split('\n').Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line));

    [GeneratedRegex(
        @"^(?<indent> *)```(?<name>(json|text|sh) \w+)\n(?<text>.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    // Headers that have a secret or a signature stand in double quotes there.
    [GeneratedRegex(@"-H '(?<name>[^:']+): (?<value>[^']*)'")]
    private static partial Regex Header();
}
