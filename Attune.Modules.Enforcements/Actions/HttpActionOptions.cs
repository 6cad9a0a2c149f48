using System.ComponentModel.DataAnnotations;
using System.Net;
using Attune.Db;
using Microsoft.Extensions.Options;

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
    [Networks(ErrorMessage = $"{Section}:{nameof(AllowedNetworks)} must hold networks, such as 10.1.0.0/16 or 127.0.0.1/32.")]
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>The longest response that any request may ask for, in bytes, unpacked.</summary>
    [SettingRange(0, LargestResponseLimit, ErrorMessage = $"{Section}:{nameof(MaxResponseBytes)} must be between {{1}} and {{2}}.")]
    public int MaxResponseBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether a request may ask that certificates are not verified.</summary>
    public bool AllowUnverifiedTls { get; set; }
}

[OptionsValidator]
internal sealed partial class HttpActionOptionsValidator : IValidateOptions<HttpActionOptions>;

/// <summary>Takes texts that are networks.</summary>
internal sealed class NetworksAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is IEnumerable<string> texts && texts.All(text => IPNetwork.TryParse(text, out _));
}
