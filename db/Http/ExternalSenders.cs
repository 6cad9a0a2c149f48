namespace Attune.Db.Http;

/// <summary>
/// Says of a route, as its metadata, that its senders are programs which were written for others: they come under any name and from
/// any site, and send what they like. A secret in the address lets them in, which no log may show.
/// </summary>
/// <param name="SecretParameter">The parameter of the route that is the secret; a whole segment of the address.</param>
public sealed record ExternalSenders(string SecretParameter)
{
    /// <summary>The method is taken only for what some senders ask before they post: otherwise the address does not have it.</summary>
    public bool OnlyHandshakes { get; init; }
}
