using System.Text.Json.Serialization;

namespace Attune.Db.Http;

/// <summary>One thing, as the original's clients expect it: <c>{"data": …, "message": …}</c>.</summary>
public sealed record Envelope<T>(T Data, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <summary>What was deleted: <c>{"success": true, "message": …}</c>.</summary>
public sealed record Deleted(string Message, bool Success = true);

/// <summary>A page of a list: <c>{"data": […], "pagination": …}</c>.</summary>
public sealed record Listing<T>(IReadOnlyList<T> Data, Pagination Pagination);

/// <summary>Where a page stands in its list. Totals are there only when they were asked for.</summary>
public sealed record Pagination
{
    public required int Page { get; init; }
    public required int PageSize { get; init; }
    public required bool HasPrevious { get; init; }
    public required bool HasNext { get; init; }

    /// <summary>Send it back as <c>cursor</c> to read the next page at the same cost as the first; null on the last page.</summary>
    public required string? NextCursor { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TotalItems { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TotalPages { get; init; }

    /// <summary>True when there are more items than <see cref="TotalItems"/> says: counting stops at some point.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? TotalIsMinimum { get; init; }
}
