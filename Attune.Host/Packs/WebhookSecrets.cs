using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Host.Files;

namespace Attune.Host.Packs;

/// <summary>
/// The secrets in the settings of a webhook. A file names a variable of the environment, <c>${NAME}</c>; one that says nothing leaves
/// the secret that is stored.
/// </summary>
internal static partial class WebhookSecrets
{
    private static readonly string[] Fields = ["secret", "previous_secret", "secrets", "password", "previous_password", "token"];

    /// <summary>The settings with the values of the variables; null where there are none.</summary>
    public static JsonElement? Resolve(ObjectFields fields, string name)
    {
        if (fields.Member(name) is not { } settings)
        {
            return null;
        }

        return Filled(fields, settings.Value, isSecret: false).ToJson();
    }

    private static FileNode Filled(ObjectFields fields, FileNode node, bool isSecret) => node.Kind switch
    {
        JsonValueKind.Object => FileNode.Object(
            [.. node.Members.Select(member => member with { Value = Filled(fields, member.Value, Fields.Contains(member.Name)) })],
            node.At),
        JsonValueKind.Array => FileNode.Array([.. node.Items.Select(item => Filled(fields, item, isSecret))], node.At),
        JsonValueKind.String when isSecret && Variable.Match(node.Text) is { Success: true } variable =>
            Value(fields, node, variable.Groups["name"].Value),
        JsonValueKind.String when isSecret => Plain(fields, node),
        _ => node,
    };

    private static FileNode Value(ObjectFields fields, FileNode node, string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
        {
            return FileNode.Scalar(JsonValueKind.String, value, node.At);
        }

        fields.Note(node.At, $"The environment has no {name}, which is to be a secret here.");
        return node;
    }

    private static FileNode Plain(ObjectFields fields, FileNode node)
    {
        fields.Remark(node.At, "A secret stands here for everybody who reads the file; ${NAME} takes it from the environment.");
        return node;
    }

    [GeneratedRegex(@"^\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}\z")]
    private static partial Regex Variable { get; }
}
