using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Attune.Web.Shared;

/// <summary>What stands behind the question mark of an address: names with their values, to be read and to be written.</summary>
public sealed class AddressQuery
{
    private readonly IReadOnlyList<(string Name, string Value)> _values;

    private AddressQuery(IReadOnlyList<(string Name, string Value)> values, int count) => (_values, Count) = (values, count);

    /// <summary>The query of an address that has none.</summary>
    public static AddressQuery Empty { get; } = new([], 0);

    /// <summary>How many filters were written: several names that say one thing together are one.</summary>
    public int Count { get; }

    /// <summary>Reads the query of an address; of a name that stands there twice the first value counts.</summary>
    public static AddressQuery Of(string address)
    {
        var start = address.IndexOf('?', StringComparison.Ordinal);
        var end = address.IndexOf('#', StringComparison.Ordinal);
        if (start < 0 || (end >= 0 && end < start))
        {
            return Empty;
        }

        var values = QueryHelpers.ParseQuery(end < 0 ? address[start..] : address[start..end]);
        return new([.. values.Select(value => (value.Key, value.Value[0] ?? ""))], values.Count);
    }

    /// <summary>A value without the space around it; null when nothing is left.</summary>
    public static string? ParseText(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    /// <summary>An id, which may be written with its number sign; null when it is none.</summary>
    public static long? ParseId(string? value) =>
        long.TryParse(value?.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The text of a name, as <see cref="ParseText"/> takes it.</summary>
    public string? Text(string name) =>
        ParseText(_values.FirstOrDefault(value => value.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value);

    /// <summary>The id of a name, as <see cref="ParseId"/> takes it.</summary>
    public long? Id(string name) => ParseId(Text(name));

    /// <summary>Adds a filter; null and an empty text are none.</summary>
    public AddressQuery With(string name, string? value) =>
        string.IsNullOrEmpty(value) ? this : new([.. _values, (name, value)], Count + 1);

    /// <summary>Adds what is said beside the filters, and is none: how a chart is drawn.</summary>
    public AddressQuery Beside(string name, string? value) => string.IsNullOrEmpty(value) ? this : new([.. _values, (name, value)], Count);

    /// <summary>Adds a filter that takes several names.</summary>
    public AddressQuery With(AddressQuery filter) => filter.Count == 0 ? this : new([.. _values, .. filter._values], Count + 1);

    /// <summary>The whole address.</summary>
    /// <param name="path">What stands before the question mark.</param>
    public string At(string path)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in _values)
        {
            address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return address.ToString();
    }
}
