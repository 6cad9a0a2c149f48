using System.Globalization;
using Attune.Modules.History;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Storage;

/// <summary>What compression has made of something, in words.</summary>
internal static class StorageWords
{
    public static string Ratio(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0} : 1");

    /// <summary>Such as <c>12 MB before, 1.5 MB now (8.0 : 1)</c>.</summary>
    public static string Of(StorageCompression compression) =>
        $"{Format.Size(compression.BytesBefore)} before, {Format.Size(compression.BytesAfter)} now"
        + (compression.Ratio is { } ratio ? $" ({Ratio(ratio)})" : "");
}
