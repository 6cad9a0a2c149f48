using System.Globalization;
using Attune.Modules.History;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Storage;

/// <summary>The partitions or chunks of a table on a line of time; the higher, the larger.</summary>
public sealed partial class StorageLine
{
    private const double Wide = 1000;
    private const double High = 40;
    private const double Least = 2;

    [Parameter, EditorRequired]
    public required StorageTable Table { get; set; }

    [Parameter, EditorRequired]
    public required DateTimeOffset Now { get; set; }

    private TimeSpan Span => Table.Parts[^1].Until - Table.Parts[0].Since;

    private string Words =>
        $"{Format.Count(Table.Parts.Count, "part")}, {Format.Size(Table.Bytes)}, "
        + $"from {Format.Iso(Table.Parts[0].Since)} to {Format.Iso(Table.Parts[^1].Until)}";

    private static string Describe(StoragePart part) =>
        $"{part.Name}: {Format.Size(part.Bytes)}{(part.IsCompressed ? ", compressed" : "")}"
        + $"{(part.Compression is { } one ? $", {StorageWords.Of(one)}" : "")}, from {Format.Iso(part.Since)}";

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private string X(DateTimeOffset at) => Number(Math.Clamp((at - Table.Parts[0].Since) / Span * Wide, 0, Wide));

    private string Width(StoragePart part) => Number(Math.Max(1, ((part.Until - part.Since) / Span * Wide) - 1));

    private string Height(StoragePart part) => Number(HeightOf(part));

    private string Y(StoragePart part) => Number(High - HeightOf(part));

    private double HeightOf(StoragePart part) =>
        Math.Max(Least, High * part.Bytes / Math.Max(1, Table.Parts.Max(one => one.Bytes)));
}
