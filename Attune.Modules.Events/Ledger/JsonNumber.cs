using System.Text.Json;

namespace Attune.Modules.Events.Ledger;

/// <summary>Reads numbers as numbers, however they are spelt: 60, 60.0 and 6e1 are one.</summary>
internal static class JsonNumber
{
    /// <returns>Null for what is no number, or no whole one within the bounds.</returns>
    public static int? Whole(JsonElement value, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
        && decimal.IsInteger(number) && number >= least && number <= most
            ? (int)number
            : null;
}
