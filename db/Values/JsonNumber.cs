using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Attune.Db.Values;

/// <summary>
/// A JSON number, exactly: its sign, its significant digits and the place of its point, whatever its spelling. Nothing is
/// expanded, so 1e999999 costs what it is long.
/// </summary>
public readonly record struct JsonNumber
{
    private readonly int _sign;

    // Without leading or trailing zeros; the value is 0.digits times ten to the exponent. Empty is zero.
    private readonly string _digits;
    private readonly BigInteger _exponent;

    private JsonNumber(int sign, string digits, BigInteger exponent)
    {
        _sign = sign;
        _digits = digits;
        _exponent = exponent;
    }

    /// <summary>True when nothing but zeros comes after its point.</summary>
    public bool IsWhole => _exponent >= _digits.Length;

    public static JsonNumber Of(JsonElement number)
    {
        var text = JsonMarshal.GetRawUtf8Value(number);
        var negative = text[0] == '-';
        text = negative ? text[1..] : text;

        BigInteger exponent = 0;
        var end = text.IndexOfAny((byte)'e', (byte)'E');
        if (end >= 0)
        {
            exponent = BigInteger.Parse(
                Encoding.ASCII.GetString(text[(end + 1)..]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..end];
        }

        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        var all = Encoding.ASCII.GetString(whole) + Encoding.ASCII.GetString(fraction);
        var digits = all.TrimStart('0');
        if (digits.Length == 0)
        {
            return new(0, "", 0);
        }

        return new(negative ? -1 : 1, digits.TrimEnd('0'), exponent + whole.Length - (all.Length - digits.Length));
    }

    /// <summary>
    /// The number as a whole one; null for what is no number, or no whole one within the bounds. 60, 60.0 and 6e1 are one.
    /// </summary>
    public static int? Whole(JsonElement value, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
        && decimal.IsInteger(number) && number >= least && number <= most
            ? (int)number
            : null;

    /// <summary>
    /// How many digits a number has before and after its point when it is written without an exponent, as the database does.
    /// </summary>
    /// <param name="number">Its JSON text.</param>
    public static (long Whole, long Fraction) WrittenOut(ReadOnlySpan<byte> number)
    {
        var end = number.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (end >= 0 && !int.TryParse(number[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return (long.MaxValue / 4, long.MaxValue / 4);
        }

        var sign = number[0] == '-' ? 1 : 0;
        var mantissa = end < 0 ? number[sign..] : number[sign..end];
        var point = mantissa.IndexOf((byte)'.');
        var whole = (long)(point < 0 ? mantissa.Length : point) + exponent;
        var fraction = (long)(point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        return (Math.Max(1, whole), Math.Max(0, fraction));
    }

    /// <summary>
    /// The number written out, without an exponent and without zeros that say nothing. See <see cref="WrittenOut"/> for how long that is.
    /// </summary>
    public string ToPlainText()
    {
        if (_sign == 0)
        {
            return "0";
        }

        var point = (int)_exponent;
        var text = point <= 0 ? $"0.{new string('0', -point)}{_digits}"
            : point >= _digits.Length ? _digits.PadRight(point, '0')
            : $"{_digits[..point]}.{_digits[point..]}";
        return _sign < 0 ? $"-{text}" : text;
    }

    public static int Compare(JsonElement left, JsonElement right) =>
        left.TryGetInt64(out var one) && right.TryGetInt64(out var other) ? one.CompareTo(other) : Of(left).CompareTo(Of(right));

    public int CompareTo(JsonNumber other)
    {
        if (_sign != other._sign)
        {
            return _sign.CompareTo(other._sign);
        }

        var magnitude = _exponent != other._exponent
            ? _exponent.CompareTo(other._exponent)
            : string.CompareOrdinal(_digits, other._digits);
        return _sign * Math.Sign(magnitude);
    }
}
