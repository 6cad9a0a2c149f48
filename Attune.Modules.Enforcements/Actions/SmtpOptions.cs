using System.ComponentModel.DataAnnotations;
using System.Net;
using Attune.Db;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>Actions:Smtp</c>: the server that the action <c>core.email</c> sends by.</summary>
public sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "Actions:Smtp";

    private const string ShortestTimeout = "00:00:01";
    private const string LongestTimeout = "00:10:00";

    /// <summary>The server's name or address. Without one no mail can be sent.</summary>
    public string Host { get; set; } = "";

    /// <summary>
    /// Left out, the usual one: 587, or 465 with <see cref="SmtpSecurity.Tls"/>, or 25 with <see cref="SmtpSecurity.None"/>.
    /// </summary>
    [SettingRange(1, IPEndPoint.MaxPort, ErrorMessage = $"{Section}:{nameof(Port)} must be between {{1}} and {{2}}.")]
    public int? Port { get; set; }

    /// <summary>Left out, nobody signs in.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Never shown and never logged.</summary>
    public string Password { get; set; } = "";

    /// <summary>How the connection is secured.</summary>
    [EnumDataType(typeof(SmtpSecurity), ErrorMessage = $"{Section}:{nameof(Security)} can be StartTls, Tls or None.")]
    public SmtpSecurity Security { get; set; }

    /// <summary>Whom mail is from, such as <c>Attune &lt;attune@example.org&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>How long sending one mail may take, connecting and signing in included: a second to ten minutes.</summary>
    [SettingRange(typeof(TimeSpan), ShortestTimeout, LongestTimeout,
        ErrorMessage = $"{Section}:{nameof(Timeout)} must be between {ShortestTimeout} and {LongestTimeout}, such as 00:00:30 for 30 "
            + "seconds.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The port that is meant.</summary>
    internal int ChosenPort => Port ?? Security switch
    {
        SmtpSecurity.Tls => 465,
        SmtpSecurity.None => 25,
        _ => 587,
    };

    /// <inheritdoc />
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Host.Length > 0 && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return new($"{Section}:{nameof(Host)} must be the name or address of a server, without a port.");
        }

        if (Host.Length > 0 && From.Length == 0)
        {
            yield return new($"{Section}:{nameof(From)} must be set where {nameof(Host)} is: whom mail is from.");
        }

        if (From.Length > 0 && !MailboxAddress.TryParse(From, out _))
        {
            yield return new($"{Section}:{nameof(From)} must be an address, such as Attune <attune@example.org>.");
        }

        if (UserName.Length == 0 != (Password.Length == 0))
        {
            var missing = UserName.Length == 0 ? nameof(UserName) : nameof(Password);
            yield return new($"{Section}:{missing} must be set as well: {nameof(UserName)} and {nameof(Password)} go together.");
        }

        if (Security == SmtpSecurity.None && Password.Length > 0 && !IsHere(Host))
        {
            yield return new(
                $"{Section}:{nameof(Security)} must not be None where {nameof(Password)} is set, unless {nameof(Host)} is this machine: "
                + "anybody on the way could read it.");
        }
    }

    private static bool IsHere(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>How the connection to a mail server is secured.</summary>
public enum SmtpSecurity
{
    /// <summary>By STARTTLS, or not at all used: a server that does not offer it gets no mail.</summary>
    StartTls,

    /// <summary>From the first byte on.</summary>
    Tls,

    /// <summary>Not secured: for a relay on this machine.</summary>
    None,
}

[OptionsValidator]
internal sealed partial class SmtpOptionsValidator : IValidateOptions<SmtpOptions>;
