using System.Text;

namespace Attune.Host.Files;

/// <summary>The text of a file that people write: UTF-8, of bounded length, and without characters that nobody sees.</summary>
internal static class SourceText
{
    /// <summary>The most bytes of a file.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UnreadableFileException">It is too long, no UTF-8, or has a control character.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[MaxBytes + 1];
        var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBytes)
        {
            throw new UnreadableFileException(FileMark.Start, $"The file is longer than {MaxBytes / 1024} kB.");
        }

        var bytes = buffer.AsMemory(0, length);
        if (bytes.Span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new UnreadableFileException(FileMark.Start, "The file is UTF-16; it must be UTF-8.");
        }

        var text = Decode(bytes.Span is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes);
        Check(text);
        return text;
    }

    /// <summary>The line and column of a place in a text.</summary>
    public static FileMark At(ReadOnlySpan<char> text, int index)
    {
        var before = text[..Math.Min(index, text.Length)];
        return new(1 + before.Count('\n'), 1 + before.Length - (before.LastIndexOf('\n') + 1));
    }

    private static string Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes.Span);
        }
        catch (DecoderFallbackException invalid)
        {
            var before = Encoding.UTF8.GetString(bytes.Span[..Math.Max(0, invalid.Index)]);
            throw new UnreadableFileException(At(before, before.Length), "What stands here is not UTF-8.");
        }
    }

    // A parser may take U+0000 for the end, and a person sees none of them.
    private static void Check(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is not ('\t' or '\n' or '\r') && char.IsControl(text[index]) && text[index] != '\u0085')
            {
                throw new UnreadableFileException(
                    At(text, index), $"U+{(int)text[index]:X4} stands here, a control character; write it with an escape.");
            }
        }
    }
}
