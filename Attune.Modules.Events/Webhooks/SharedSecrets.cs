using System.Text.Json;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// The secrets of a section: one, or two while they are being changed, or a list of several. Whichever a sender uses is right.
/// </summary>
internal static class SharedSecrets
{
    public const string Secret = "secret";
    public const string PreviousSecret = "previous_secret";
    public const string List = "secrets";
    public const string Password = "password";
    public const string PreviousPassword = "previous_password";

    /// <summary>Every field that holds a secret, in whichever section.</summary>
    public static readonly string[] Fields = [Secret, PreviousSecret, List, Password, PreviousPassword];

    // How short a secret may be is up to whoever shares it: some senders have given theirs long ago.
    private const int Longest = 512;
    private const int Most = 5;

    /// <summary>The secrets, the present one first; empty when there is none.</summary>
    /// <exception cref="Attune.Db.RefusedException">One cannot be used, or nobody can tell which are meant.</exception>
    public static IReadOnlyList<string> Read(ConfigSection section, string present = Secret, string previous = PreviousSecret)
    {
        var first = Checked(section, present, section.Text(present));
        var second = Checked(section, previous, section.Text(previous));
        if (second is not null && first is null)
        {
            throw section.Wrong(previous, $"needs a {present} beside it");
        }

        if (section.Value(List) is not { } list)
        {
            return (first, second) switch
            {
                (null, _) => [],
                (_, null) => [first],
                _ => [first, second],
            };
        }

        if (first is not null)
        {
            throw section.Wrong(List, $"cannot be given together with {present}");
        }

        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= Most
            ? [.. list.EnumerateArray().Select((item, i) => Checked(section, $"{List}[{i}]", item.ValueKind == JsonValueKind.String
                ? item.GetString() : throw section.Wrong($"{List}[{i}]", "must be text"))!)]
            : throw section.Wrong(List, $"must be an array of 1 to {Most} secrets");
    }

    private static string? Checked(ConfigSection section, string name, string? secret) =>
        secret is null || (!string.IsNullOrWhiteSpace(secret) && secret.Length <= Longest)
            ? secret
            : throw section.Wrong(name, $"must have 1 to {Longest} characters, and not only spaces");
}
