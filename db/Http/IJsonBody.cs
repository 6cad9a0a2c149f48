using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Attune.Db.Http;

/// <summary>
/// A record that a route takes as its body, a JSON object. Fields that it does not have, and values of another kind than it has, are
/// refused by name before the route is called.
/// </summary>
public interface IJsonBody<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider
    where TSelf : class, IJsonBody<TSelf>
{
    /// <summary>Whether all of it may be left out, so that the request needs no body.</summary>
    static virtual bool IsOptional => false;

    /// <summary>The most bytes.</summary>
    static virtual BodyLimit Limit(IServiceProvider services) => BodyLimit.Largest;

    /// <summary>
    /// What becomes of a body in which U+FFFD stands for what cannot be stored (U+0000, halves of surrogate pairs); null for one that is
    /// refused for it, as most are: who sends it can mend it.
    /// </summary>
    static virtual Func<TSelf, TSelf>? Repaired => null;

    /// <summary>
    /// A field that a body may lose: when the value there cannot be stored, the rest is read, and noted with it is why. Null for a body that
    /// is refused as a whole, as most are.
    /// </summary>
    static virtual (string Field, Func<TSelf, RefusedException, TSelf> Note)? Dispensable => null;

    static async ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var limit = TSelf.Limit(context.RequestServices);
        if (TSelf.Dispensable is not null && context.Request.ContentLength > limit.Bytes)
        {
            return await OfStartAsync(context.Request, limit, context.RequestAborted);
        }

        using var body = await RequestBody.ReadAsync(context.Request, limit, context.RequestAborted);
        return TSelf.Repaired is { } note && RepairedJson.Of(body.Bytes) is { } repaired
            ? note(Read(repaired, limit.Bytes))
            : Read(body.Bytes, limit.Bytes);
    }

    // A type that binds itself would not be in a document of the routes without it.
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(TSelf), TSelf.IsOptional));

    private static async ValueTask<TSelf> OfStartAsync(HttpRequest request, BodyLimit limit, CancellationToken cancellationToken)
    {
        var (field, note) = TSelf.Dispensable!.Value;
        using var start = await RequestBody.ReadStartAsync(request, cancellationToken);
        return JsonBodies.Without(start.Bytes, field, isWhole: false) is { } rest
            ? note(JsonBodies.Read<TSelf>(rest, limit.Bytes, TSelf.IsOptional), limit.Refusal())
            : throw limit.Refusal();
    }

    private static TSelf Read(ReadOnlySpan<byte> text, int maxBytes)
    {
        try
        {
            return JsonBodies.Read<TSelf>(text, maxBytes, TSelf.IsOptional);
        }
        catch (RefusedException refused) when (refused.Kind is RefusalKind.Invalid or RefusalKind.TooLarge && TSelf.Dispensable is not null)
        {
            var (field, note) = TSelf.Dispensable.Value;
            if (JsonBodies.Without(text, field) is not { } rest)
            {
                throw;
            }

            return note(JsonBodies.Read<TSelf>(rest, maxBytes, TSelf.IsOptional), refused);
        }
    }
}

/// <summary>
/// The body takes the fields of an answer as well, without effect where it has none of that name: whoever copies or changes a thing
/// may send back all that the answer had.
/// </summary>
/// <param name="answer">The record that is answered.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesBackAttribute(Type answer) : Attribute
{
    public Type Answer { get; } = answer;

    internal IEnumerable<string> Names => Answer.GetProperties()
        .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always })
        .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
}
