using System.Runtime.InteropServices;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

internal static class JsonSize
{
    /// <summary>How many bytes a value is long as it was written; told without reading it.</summary>
    public static int Of(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;
}
