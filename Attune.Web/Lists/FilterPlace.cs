using Attune.Db;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>Where in a list a page begins, as an address carries it.</summary>
public static class FilterPlace
{
    public const string Name = "after";

    /// <summary>The row after which the list begins; null for its newest.</summary>
    public static Cursor? Parse(AddressQuery query) =>
        query.Read<Cursor>(Name, Cursor.TryParse, "a place that a list gave out");

    /// <summary>The same address with another place; null for the list's newest rows.</summary>
    public static string At(string address, Cursor? place) =>
        AddressQuery.Of(address).Without(Name).With(Name, place?.ToString()).At(address.Split('?', '#')[0]);
}
