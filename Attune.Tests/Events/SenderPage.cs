using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Tests.Events;

/// <summary>A page that says how to take what a sender posts: its blocks, by the second word behind their fence.</summary>
internal sealed partial class SenderPage
{
    private readonly Dictionary<string, string> _blocks;

    private SenderPage(string text) => _blocks = Fence().Matches(text.ReplaceLineEndings("\n")).ToDictionary(
        match => $"{match.Groups["language"].Value} {match.Groups["name"].Value}",
        match => Indent(match.Groups["indent"].Value, match.Groups["text"].Value),
        StringComparer.Ordinal);

    /// <summary>The names of all pages.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Files().Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != "README").Order(StringComparer.Ordinal)];

    public JsonElement Settings => JsonElement.Parse(_blocks["json settings"]);

    /// <summary>What the sender posts, byte for byte.</summary>
    public string Body => _blocks["json delivery"];

    public JsonElement Rule => JsonElement.Parse(_blocks["json rule"]);

    /// <summary>The conditions of the rule in their text form.</summary>
    public string Condition => _blocks["text condition"].Trim();

    /// <summary>What the rule's action is given.</summary>
    public JsonElement Parameters => JsonElement.Parse(_blocks["json parameters"]);

    /// <summary>The question that the sender asks first, if the page has it.</summary>
    public string? Handshake => _blocks.GetValueOrDefault("json handshake")?.Trim();

    /// <summary>The lines that do what the sender does; the second is another way of sending the same event, if the page has one.</summary>
    public IReadOnlyList<string> Scripts =>
        [.. ((string[])["sh delivery", "sh again"]).Where(_blocks.ContainsKey).Select(name => _blocks[name])];

    /// <summary>The headers that the sender sends, but for those that prove it.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers =>
        [.. Header().Matches(Scripts[0]).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value))];

    public static SenderPage Read(string name) =>
        new(File.ReadAllText(Files().Single(file => Path.GetFileNameWithoutExtension(file) == name)));

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(Architecture.Repository.Root, "Attune.Modules.Events", "Webhooks", "Senders"), "*.md");

    // A block within a list is indented as the list is.
    private static string Indent(string indent, string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line));

    [GeneratedRegex(
        @"^(?<indent> *)```(?<language>json|text|sh) (?<name>\w+)\n(?<text>.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"-H '(?<name>[^:']+): (?<value>[^']*)'")]
    private static partial Regex Header();
}
