using System.Net;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A delivery that Attune makes itself, to try a webhook.</summary>
internal sealed class TrialRequest
{
    /// <summary>What a header says of which only that it comes is asked.</summary>
    public const string Any = "test";

    private readonly Uri _address;

    /// <param name="address">The webhook's address, as its senders know it.</param>
    public TrialRequest(Uri address) => _address = address;

    public string Method { get; } = HttpMethods.Post;

    /// <summary>What this delivery is called.</summary>
    public string Id { get; } = $"test-{Guid.NewGuid():N}";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The query with its question mark; empty for none.</summary>
    public string Query { get; set; } = "";

    /// <summary>The value of a header that is signed; one that would not be sent is sent.</summary>
    public string Header(string name) => Headers[name] = Headers.GetValueOrDefault(name, Any);

    public string Url(string? baseUrl) =>
        (baseUrl?.TrimEnd('/') ?? _address.GetLeftPart(UriPartial.Authority)) + _address.AbsolutePath + Query;

    /// <summary>The request as the server would have it, from this machine.</summary>
    public DefaultHttpContext ToContext(byte[] body)
    {
        var context = new DefaultHttpContext();
        var request = context.Request;
        request.Method = Method;
        request.Scheme = _address.Scheme;
        request.Host = HostString.FromUriComponent(_address);
        request.Path = PathString.FromUriComponent(_address);
        request.QueryString = new(Query);
        foreach (var (name, value) in Headers)
        {
            request.Headers[name] = value;
        }

        request.ContentLength = body.Length;
        request.Body = new MemoryStream(body, writable: false);
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        return context;
    }
}
