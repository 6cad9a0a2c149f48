using Attune.Host.Access;

namespace Attune.Host.Verbs;

/// <summary>
/// Takes the settings out of the arguments, before the verb and its options are read: any key of the configuration may stand
/// there, so they cannot be declared as options.
/// </summary>
internal sealed class SettingArguments
{
    // The settings without a section; the others all have a colon in their name.
    private static readonly string[] Plain = ["urls", "http_ports", "https_ports", "environment", TrustedProxies.Key];

    private readonly List<string> _others = [];
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The verb and its options.</summary>
    public IReadOnlyList<string> Others => _others;

    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Mistake { get; private set; }

    public static SettingArguments Split(IReadOnlyList<string> arguments)
    {
        var split = new SettingArguments();
        for (var at = 0; at < arguments.Count; at++)
        {
            var (name, value) = arguments[at].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[at], null);
            if (!IsSetting(name))
            {
                split._others.Add(arguments[at]);
            }
            else if (value is null && ++at == arguments.Count)
            {
                split.Mistake = $"{name} needs a value.";
            }
            else
            {
                split._settings[name[2..]] = value ?? arguments[at];
            }
        }

        return split;
    }

    private static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal)
        && (argument.IndexOf(':', StringComparison.Ordinal) > 2 || Plain.Contains(argument[2..], StringComparer.OrdinalIgnoreCase));
}
