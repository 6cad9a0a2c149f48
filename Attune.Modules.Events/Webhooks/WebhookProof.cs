using System.Security.Cryptography;
using System.Text;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>How a sender shows that a request is its own. No record, since those print what they hold.</summary>
internal abstract class WebhookProof
{
    // What is compared is hashed with it first, so that neither its length nor how far it is right can be measured.
    private static readonly byte[] ComparisonKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whether the body is signed, so that nobody on the way can have changed it.</summary>
    public virtual bool CoversBody => true;

    /// <summary>What a refused sender is asked for in <c>WWW-Authenticate</c>; null where there is nothing to ask for.</summary>
    public virtual string? Challenge => null;

    /// <summary>Passes for a request that its sender has proved.</summary>
    /// <param name="request">Headers and address.</param>
    /// <param name="body">The body, byte for byte as it came.</param>
    /// <param name="now">What a signature's time is measured against.</param>
    /// <returns>Which of the secrets it was, counted from 0.</returns>
    /// <exception cref="RefusedException">The proof is missing, wrong, or not of this time.</exception>
    public abstract int Check(SignedRequest request, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>Proves a request as its sender would, with the present secret.</summary>
    /// <param name="request">Gets the headers, and perhaps a parameter of the address.</param>
    /// <param name="body">The body, byte for byte as it will be sent.</param>
    /// <param name="now">When it is signed.</param>
    public abstract void Sign(TrialRequest request, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>The lines of a shell that do the same; <c>$secret</c> and <c>$body</c> are there, and headers are added.</summary>
    public abstract void Write(TrialCommand command);

    public static RefusedException Refused(string message) => new(RefusalKind.Unauthenticated, null, message);

    public static RefusedException Missing(string what) => Refused($"Signature required: send {what}");

    public static RefusedException Wrong() => Refused("Invalid webhook signature");

    /// <summary>Whether two texts are the same, in a time that does not tell how much of them is.</summary>
    public static bool AreSame(string left, string right) => AreSame(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    /// <inheritdoc cref="AreSame(string, string)"/>
    public static bool AreSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(
        HMACSHA256.HashData(ComparisonKey, left), HMACSHA256.HashData(ComparisonKey, right));

    /// <summary>Compares with every secret, whichever is right: how long it takes does not tell.</summary>
    /// <returns>Which it was, counted from 0; -1 when it was none.</returns>
    protected static int IndexOf<T>(IReadOnlyList<T> secrets, Func<T, bool> isRight)
    {
        var found = -1;
        for (var i = secrets.Count - 1; i >= 0; i--)
        {
            found = isRight(secrets[i]) ? i : found;
        }

        return found;
    }
}
