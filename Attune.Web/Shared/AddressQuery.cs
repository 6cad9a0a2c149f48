using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Attune.Web.Shared;

/// <summary>Something in an address that was not understood.</summary>
public sealed record AddressMistake
{
    public required string Name { get; init; }

    public required string Value { get; init; }

    /// <summary>What it should have been, to follow "Expected".</summary>
    public required string Expected { get; init; }
}

/// <summary>
/// What stands behind the question mark of an address: names with their values, to be read and to be written. While it is read it
/// notes what was not understood (<see cref="Mistakes"/>).
/// </summary>
public sealed class AddressQuery
{
    private readonly IReadOnlyList<(string Name, string Value)> _values;
    private readonly List<string> _asked = [];
    private readonly List<AddressMistake> _noted = [];

    private AddressQuery(IReadOnlyList<(string Name, string Value)> values, int count) => (_values, Count) = (values, count);

    /// <summary>The query of an address that has none.</summary>
    public static AddressQuery Empty { get; } = new([], 0);

    /// <summary>The names with their values, in the order of the address.</summary>
    public IReadOnlyList<(string Name, string Value)> Values => _values;

    /// <summary>How many filters were written: several names that say one thing together are one.</summary>
    public int Count { get; }

    /// <summary>What was asked for and not understood, and then the names that nothing asked for.</summary>
    public IReadOnlyList<AddressMistake> Mistakes =>
    [
        .. _noted,
        .. _values.Where(value => !Asked(value.Name)).Select(value => new AddressMistake
        {
            Name = value.Name, Value = value.Value, Expected = _asked.Count == 0 ? "nothing" : $"one of {string.Join(", ", _asked)}",
        }),
    ];

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
        var query = new AddressQuery([.. values.Select(value => (value.Key, value.Value[0] ?? ""))], values.Count);
        foreach (var (name, several) in values.Where(value => value.Value.Count > 1))
        {
            query.Wrong(name, string.Join(", ", several!), "one value");
        }

        return query;
    }

    /// <summary>A value without the space around it; null when nothing is left.</summary>
    public static string? ParseText(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    /// <summary>An id, which may be written with its number sign; null when it is none.</summary>
    public static long? ParseId(string? value) =>
        long.TryParse(value?.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The text of a name, as <see cref="ParseText"/> takes it.</summary>
    public string? Text(string name)
    {
        if (!Asked(name))
        {
            _asked.Add(name);
        }

        return ParseText(_values.FirstOrDefault(value => value.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value);
    }

    /// <summary>The id of a name, as <see cref="ParseId"/> takes it.</summary>
    public long? Id(string name) => Read(name, ParseId, "an id, such as 4711");

    /// <summary>The value of a name; null where it has none, or one that is none. That is noted.</summary>
    /// <param name="name">The name.</param>
    /// <param name="parse">Reads its text; null when it cannot.</param>
    /// <param name="expected">What the text should be, to follow "Expected".</param>
    public T? Read<T>(string name, Func<string, T?> parse, string expected) where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Wrong(name, text, expected);
        }

        return value;
    }

    /// <summary>Notes that a value was not understood.</summary>
    public void Wrong(string name, string value, string expected) =>
        _noted.Add(new AddressMistake { Name = name, Value = value, Expected = expected });

    /// <summary>The same without a name, as it stood in the address.</summary>
    public AddressQuery Without(string name) =>
        new([.. _values.Where(value => !value.Name.Equals(name, StringComparison.OrdinalIgnoreCase))], Count);

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
            address.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return address.ToString();
    }

    private bool Asked(string name) => _asked.Contains(name, StringComparer.OrdinalIgnoreCase);
}
