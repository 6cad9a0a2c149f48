using System.Text.Json;

namespace Attune.Web.Pages.Rules;

/// <summary>A rule's window in words.</summary>
internal static class WindowWords
{
    public static string Of(JsonElement window)
    {
        var (limit, duration, per) = ("", "", "");
        foreach (var member in window.EnumerateObject())
        {
            switch (member.Name)
            {
                case "at_most":
                    limit = $"At most {member.Value.GetRawText()}";
                    break;
                case "at_least":
                    limit = $"At least {member.Value.GetRawText()}";
                    break;
                case "in":
                    duration = $" in {member.Value.GetString()}";
                    break;
                case "per" when member.Value.GetArrayLength() > 0:
                    per = $", for each {string.Join(" and ", member.Value.EnumerateArray().Select(path => path.GetString()))}";
                    break;
            }
        }

        return limit + duration + per;
    }
}
