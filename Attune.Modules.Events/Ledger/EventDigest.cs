using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Attune.Modules.Events.Ledger;

/// <summary>
/// SHA-256 of what an event says, whatever its spelling: numbers by their value, text by its characters, objects whatever the order of
/// their keys. What jsonb gives back has the digest of what was written.
/// </summary>
internal sealed class EventDigest : IDisposable
{
    private const int FlushAt = 16 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _waiting = new(1024);

    private EventDigest()
    {
    }

    /// <summary>The digest; how an event came in (its config) belongs to it only where a conflict is refused.</summary>
    public static byte[] Of(NewEvent said)
    {
        using var digest = new EventDigest();
        digest.AddText(said.TriggerRef);
        digest.AddSize('r', said.Target?.Id ?? 0);
        digest.Add(said.Payload);
        digest.Add(said.KeyConflict == KeyConflict.Refuse ? said.Config : said.Beside);
        foreach (var rule in said.OnlyRules ?? [])
        {
            digest.AddText(rule);
        }

        digest.Flush();
        return digest._hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();

    // Nothing and null are kept apart, as the ledger does.
    private void Add(JsonElement? value)
    {
        if (value is { ValueKind: not JsonValueKind.Undefined } given)
        {
            Add(given);
        }
        else
        {
            AddSize('-', 0);
        }
    }

    private void Add(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AddMembers(value);
                break;
            case JsonValueKind.Array:
                AddSize('[', value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                {
                    Add(item);
                }

                break;
            case JsonValueKind.String:
                AddText(value.GetString()!);
                break;
            case JsonValueKind.Number:
                AddNumber(JsonMarshal.GetRawUtf8Value(value));
                break;
            default:
                AddSize(value.ValueKind == JsonValueKind.Null ? 'n' : value.ValueKind == JsonValueKind.True ? 't' : 'f', 0);
                break;
        }
    }

    // Of a key that is there twice, the last one counts, as it does in jsonb.
    private void AddMembers(JsonElement value)
    {
        var members = value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
        var last = members.Where((member, i) => i + 1 == members.Count || members[i + 1].Name != member.Name).ToList();
        AddSize('{', last.Count);
        foreach (var member in last)
        {
            AddText(member.Name);
            Add(member.Value);
        }
    }

    private void AddText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        AddSize('"', length);
        _waiting.Advance(Encoding.UTF8.GetBytes(text, _waiting.GetSpan(length)));
        FlushSometimes();
    }

    // 10, 1e1 and 10.0 are one number: its digits without zeros at either end, and where its point is.
    private void AddNumber(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        text = isNegative ? text[1..] : text;
        var end = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0L;
        if (end >= 0)
        {
            var power = text[(end + 1)..];

            // One that no long holds is that of a zero: nothing else that large can be stored.
            exponent = Utf8Parser.TryParse(power[0] == '+' ? power[1..] : power, out long given, out _) ? given : 0;
            text = text[..end];
        }

        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text.Length : point;
        byte[] all = point < 0 ? text.ToArray() : [.. text[..point], .. text[(point + 1)..]];
        var digits = all.AsSpan().TrimStart((byte)'0');
        var place = exponent + whole - (all.Length - digits.Length);
        digits = digits.TrimEnd((byte)'0');
        AddSize(isNegative && !digits.IsEmpty ? '<' : '>', digits.Length);
        AddSize('e', digits.IsEmpty ? 0 : place);
        _waiting.Write(digits);
        FlushSometimes();
    }

    private void AddSize(char kind, long size)
    {
        var span = _waiting.GetSpan(9);
        span[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], size);
        _waiting.Advance(9);
        FlushSometimes();
    }

    private void FlushSometimes()
    {
        if (_waiting.WrittenCount > FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _hash.AppendData(_waiting.WrittenSpan);
        _waiting.ResetWrittenCount();
    }
}
