using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Templates;

/// <summary>Writes compact JSON in which letters stay letters: it goes into the database, never into markup.</summary>
internal static class RenderedJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(Action<Utf8JsonWriter> write) => Buffer(write).WrittenSpan.ToArray();

    public static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Buffer(write).WrittenSpan);

    private static ArrayBufferWriter<byte> Buffer(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Options);
        write(writer);
        writer.Flush();
        return buffer;
    }
}
