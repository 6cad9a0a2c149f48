using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Http.Headers;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>Undoes the <c>Content-Encoding</c> of answers.</summary>
internal static class Unpacking
{
    // Nobody packs twice on purpose; each layer can multiply the work.
    private const int MostLayers = 3;

    /// <summary>The encodings that an answer names, in the order in which they were applied.</summary>
    public static string[] Encodings(HttpContentHeaders headers) => headers.NonValidated.TryGetValues("Content-Encoding", out var given)
        ? [.. string.Join(',', given).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.ToLowerInvariant()).Where(name => name != "identity")]
        : [];

    /// <summary>A body as it was before it was packed; as it is where one of the encodings is not known here.</summary>
    /// <param name="packed">The body.</param>
    /// <param name="encodings">As <see cref="Encodings"/> tells them.</param>
    /// <param name="mostBytes">The most that may come out.</param>
    /// <returns>Null when more comes out.</returns>
    /// <exception cref="InvalidDataException">It is not packed as it says, or not whole.</exception>
    public static byte[]? Unpack(byte[] packed, string[] encodings, int mostBytes)
    {
        if (packed.Length == 0 || encodings.Length is 0 or > MostLayers || !Array.TrueForAll(encodings, IsKnown))
        {
            return packed.Length > mostBytes ? null : packed;
        }

        foreach (var encoding in encodings.Reverse())
        {
            using var source = new Source(packed);
            using var stream = Open(source, packed, encoding);
            if (Read(stream, mostBytes) is not { } unpacked)
            {
                return null;
            }

            if (IsGzip(encoding) ? !HasGzipEnd(packed, unpacked.Length) : source.IsAskedForMore)
            {
                throw new InvalidDataException("It ends too early.");
            }

            packed = unpacked;
        }

        return packed;
    }

    private static bool IsKnown(string encoding) => encoding is "deflate" or "br" || IsGzip(encoding);

    private static bool IsGzip(string encoding) => encoding is "gzip" or "x-gzip";

    // Some servers leave the frame of deflate away.
    private static Stream Open(Source source, byte[] packed, string encoding) => encoding switch
    {
        "br" => new BrotliStream(source, CompressionMode.Decompress),
        "deflate" when IsZlib(packed) => new ZLibStream(source, CompressionMode.Decompress),
        "deflate" => new DeflateStream(source, CompressionMode.Decompress),
        _ => new GZipStream(source, CompressionMode.Decompress),
    };

    // RFC 1952, 2.3.1: it ends with how many bytes came out, of the last part where it has several. What stands there in one that
    // ends too early is as good as random.
    private static bool HasGzipEnd(byte[] packed, int length) =>
        packed.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4)) <= length;

    // RFC 1950, 2.2: the method, and both bytes together a multiple of 31.
    private static bool IsZlib(byte[] packed) =>
        packed.Length > 1 && (packed[0] & 0x0F) == 8 && ((packed[0] << 8) + packed[1]) % 31 == 0;

    private static byte[]? Read(Stream stream, int mostBytes)
    {
        using var unpacked = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                if (unpacked.Length + read > mostBytes)
                {
                    return null;
                }

                unpacked.Write(chunk.AsSpan(0, read));
            }
        }
        catch (InvalidOperationException error)
        {
            // What Brotli throws.
            throw new InvalidDataException(error.Message, error);
        }

        return unpacked.ToArray();
    }

    /// <summary>
    /// Bytes that know whether more of them were wanted. The framework's streams end without a word where their source does; those that
    /// were whole do not ask again.
    /// </summary>
    private sealed class Source(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public bool IsAskedForMore { get; private set; }

        // That of spans comes here too, where a class is derived from the stream.
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            IsAskedForMore |= read == 0 && count > 0;
            return read;
        }
    }
}
