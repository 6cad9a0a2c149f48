using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Attune.Db.Http;

/// <summary>The parameters of a query, as a record has them. Every route that takes any has them in its metadata.</summary>
public sealed class QueryParameters
{
    private static readonly ConcurrentDictionary<Type, QueryParameters> Known = [];

    private QueryParameters(Type record) => All =
    [
        .. record.GetProperties()
            .Where(property => property.CanWrite
                && (property.DeclaringType != typeof(ListQuery) || !record.IsDefined(typeof(WithoutPagesAttribute), inherit: false)))
            .Select(property => new QueryParameter(property)),
    ];

    public IReadOnlyList<QueryParameter> All { get; }

    /// <summary>The parameters of a record.</summary>
    /// <exception cref="NotSupportedException">A property is of a type that no parameter has.</exception>
    public static QueryParameters Of(Type record) => Known.GetOrAdd(record, static type => new(type));

    internal void Fill(object record, IQueryCollection query)
    {
        foreach (var parameter in All)
        {
            parameter.Fill(record, query);
        }
    }
}

/// <summary>One parameter of a query.</summary>
public sealed class QueryParameter
{
    private readonly PropertyInfo _property;
    private readonly Func<QueryText, object> _read;
    private readonly bool _takesSeveral;

    internal QueryParameter(PropertyInfo property)
    {
        _property = property;
        _read = QueryText.ReaderOf(property);
        _takesSeveral = typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string);
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        Names = property.GetCustomAttribute<AlsoNamedAttribute>() is { } other ? [name, other.Name] : [name];
    }

    /// <summary>Its name, and then others that it goes by.</summary>
    public IReadOnlyList<string> Names { get; }

    public Type Type => _property.PropertyType;

    internal void Fill(object record, IQueryCollection query)
    {
        foreach (var name in Names)
        {
            if (QueryText.Of(query, name) is { } given)
            {
                if (query[name].Count > 1 && !_takesSeveral)
                {
                    throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be given once.");
                }

                _property.SetValue(record, _read(given));
                return;
            }
        }
    }
}
