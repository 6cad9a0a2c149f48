namespace Attune.Host.Http;

internal static class RequestLimits
{
    /// <summary>The largest body that any route takes; the modules set narrower bounds of their own.</summary>
    public const long BodyBytes = 8 * 1024 * 1024;
}
