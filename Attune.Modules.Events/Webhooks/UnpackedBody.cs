using System.Buffers;
using System.IO.Compression;
using Attune.Db;
using Attune.Db.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// A body without its content codings (gzip, deflate, br). What comes out has the limit of the body itself, and is looked at while it
/// comes out: a small body that unpacks to gigabytes costs no more than a large one.
/// </summary>
internal static class UnpackedBody
{
    private const int MostCodings = 3;

    // Of headers that name something else in this place, such as a character set, nobody is harmed.
    private static readonly string[] NotTaken = ["zstd", "compress", "x-compress", "dcb", "dcz", "aws-chunked"];

    /// <param name="body">The bytes as they came.</param>
    /// <param name="codings">The header <c>Content-Encoding</c>.</param>
    /// <param name="limit">The most bytes that may come out.</param>
    /// <exception cref="RefusedException">It is packed in another way, is not what it is called, or is too large.</exception>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> body, string? codings, BodyLimit limit)
    {
        if (string.IsNullOrEmpty(codings))
        {
            return body;
        }

        string[] named = [.. codings.Split(',', StringSplitOptions.TrimEntries).Select(name => name.ToLowerInvariant())];
        if (named.FirstOrDefault(NotTaken.Contains) is { } other)
        {
            throw new RefusedException(
                RefusalKind.Unsupported, "Content-Encoding", $"A body that is packed with {other} is not taken; gzip, deflate and br are.");
        }

        string[] packed = [.. named.Where(name => name is "gzip" or "x-gzip" or "deflate" or "br")];
        if (packed.Length > MostCodings)
        {
            throw new RefusedException(
                RefusalKind.Malformed, "Content-Encoding", $"The body is packed more than {MostCodings} times.");
        }

        // The last one was put on last.
        foreach (var coding in packed.Reverse())
        {
            body = IsPacked(body, coding) ? Unpack(body, coding, limit) : body;
        }

        return body;
    }

    // Those between unpack a body at times, and leave the header.
    private static bool IsPacked(ReadOnlySpan<byte> body, string coding) => coding switch
    {
        "gzip" or "x-gzip" => body.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]),
        _ => !body.IsEmpty,
    };

    private static byte[] Unpack(ReadOnlySpan<byte> body, string coding, BodyLimit limit)
    {
        var memory = ArrayPool<byte>.Shared.Rent(body.Length);
        var part = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            body.CopyTo(memory);
            using var packed = new MemoryStream(memory, 0, body.Length, writable: false);
            using var unpacking = Unpacking(packed, body, coding);
            using var unpacked = new MemoryStream();
            for (var read = unpacking.Read(part); read > 0; read = unpacking.Read(part))
            {
                limit.Check(unpacked.Length + read);
                unpacked.Write(part, 0, read);
            }

            return unpacked.ToArray();
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException)
        {
            throw new RefusedException(
                RefusalKind.Malformed, "Content-Encoding", $"The body cannot be unpacked: it is not {coding}, or was cut short.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    private static Stream Unpacking(Stream packed, ReadOnlySpan<byte> body, string coding) => coding switch
    {
        "br" => new BrotliStream(packed, CompressionMode.Decompress),
        "deflate" when IsZlib(body) => new ZLibStream(packed, CompressionMode.Decompress),
        // Some senders leave out the frame that the standard asks for.
        "deflate" => new DeflateStream(packed, CompressionMode.Decompress),
        _ => new GZipStream(packed, CompressionMode.Decompress),
    };

    private static bool IsZlib(ReadOnlySpan<byte> body) =>
        body is [var method, var flags, ..] && (method & 0x0F) == 8 && (method * 256 + flags) % 31 == 0;
}
