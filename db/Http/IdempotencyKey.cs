using System.Reflection;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Db.Http;

/// <summary>The header <c>Idempotency-Key</c> of a request; without a value where it has none.</summary>
public sealed record IdempotencyKey(string? Value) : IBindableFromHttpContext<IdempotencyKey>
{
    public const string Header = "Idempotency-Key";

    private static readonly IdempotencyKey None = new((string?)null);

    /// <exception cref="RefusedException">It is there twice, empty, or cannot be stored.</exception>
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var given = context.Request.Headers[Header];
        if (given.Count == 0)
        {
            return ValueTask.FromResult<IdempotencyKey?>(None);
        }

        if (given.Count > 1)
        {
            throw new RefusedException(RefusalKind.Malformed, Header, $"{Header} must be given once.");
        }

        var key = given.ToString().Trim();
        if (key.Length == 0)
        {
            // Whoever sends it means to be safe against writing twice, and would not be.
            throw RefusedException.Invalid(Header, $"{Header} must not be empty.");
        }

        StorableText.CheckName(key, Header);
        return ValueTask.FromResult<IdempotencyKey?>(new(key));
    }
}
