using System.Net;

namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>HttpRequest</c>: what the action <c>core.http_request</c> may do.</summary>
public sealed class HttpActionOptions
{
    public const string Section = "HttpRequest";

    public const int LargestResponseLimit = 64 * 1024 * 1024;

    /// <summary>
    /// Networks such as <c>10.1.0.0/16</c> or <c>127.0.0.1/32</c> that requests may go to although they are not public. All other
    /// loopback, link-local, private and special addresses are refused, whatever name or redirect led to them.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>The longest response that any request may ask for, in bytes, unpacked.</summary>
    public int MaxResponseBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether a request may ask that certificates are not verified.</summary>
    public bool AllowUnverifiedTls { get; set; }

    internal static bool IsNetwork(string text) => IPNetwork.TryParse(text, out _);
}
