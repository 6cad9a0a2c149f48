using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Attune.Db.Http;

/// <summary>
/// A record that a route takes as the query of its address: each property that can be set is a parameter, named in snake case. An empty
/// value is as good as none, and leaves the property as the record has it.
/// </summary>
public interface IQuery<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider
    where TSelf : class, IQuery<TSelf>, new()
{
    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = new TSelf();
        QueryParameters.Of(typeof(TSelf)).Fill(query, context.Request.Query);
        return ValueTask.FromResult<TSelf?>(query);
    }

    // A type that binds itself would not be in a document of the routes without it.
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(QueryParameters.Of(typeof(TSelf)));
}

/// <summary>Another name that a query's parameter goes by.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AlsoNamedAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>A query with the filters of a list whose answer has no pages: what says which page is no parameter.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithoutPagesAttribute : Attribute;

/// <summary>A whole number that is moved between two bounds where it lies outside, instead of being refused.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClampedAttribute(int least, int most) : Attribute
{
    public int Least { get; } = least;

    public int Most { get; } = most;
}
