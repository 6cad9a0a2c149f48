namespace Attune.Web.Shared;

/// <summary>Commands for a terminal, to be copied.</summary>
public static class Curl
{
    /// <summary>Posts a small JSON body to an address.</summary>
    public static string Post(string address) =>
        $$"""curl -X POST {{address}} -H 'Content-Type: application/json' -d '{"message": "Hello, Attune"}'""";
}
