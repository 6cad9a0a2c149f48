using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Attune.Modules.Enforcements.Actions.Schemas;

namespace Attune.Modules.Enforcements;

/// <summary>Tells which of an action's parameters are secret: the one place that decides, for pages, answers and files alike.</summary>
public interface IParameterSecrets
{
    /// <summary>What is secret for an action; of one that is not known, what is so by its name.</summary>
    /// <param name="action">The action's reference; null where it is not known.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<ParameterSecrets> OfAsync(string? action, CancellationToken cancellationToken);
}

/// <summary>
/// Puts a mask in the place of secrets: parameters that the action's schema calls <c>"secret": true</c>, at whatever depth, and what
/// usually is a secret by its name, such as the header Authorization. A template that only refers to a value stays.
/// </summary>
public sealed record ParameterSecrets
{
    /// <summary>What stands for a secret.</summary>
    public const string Mask = "••••••";

    // Another one each time the host starts: nobody can try values against a tag that was seen.
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private readonly JsonElement? _schema;

    internal ParameterSecrets(JsonElement? schema) => _schema = schema;

    /// <summary>What is secret by its name alone.</summary>
    public static ParameterSecrets ByName { get; } = new((JsonElement?)null);

    /// <summary>Parameters, or the result of an action, with the mask in the place of each secret.</summary>
    public JsonElement? Hide(JsonElement? parameters) => Hide(parameters, _ => Mask);

    /// <summary>The same, where secrets that differ have masks that differ: what compares sees that a secret was changed, and not to what.</summary>
    public JsonElement? HideToCompare(JsonElement? parameters) => Hide(parameters, secret =>
    {
        var tag = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(secret.GetRawText()));
        return string.Create(CultureInfo.InvariantCulture, $"{Mask} {tag[0]:x2}{tag[1]:x2}");
    });

    private JsonElement? Hide(JsonElement? parameters, Func<JsonElement, string> mask) =>
        parameters is { ValueKind: not JsonValueKind.Undefined } given ? new SecretMask(_schema, mask).Write(given) : parameters;
}
