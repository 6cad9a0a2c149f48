namespace Attune.Host.Starting;

/// <summary>
/// The host cannot start as it is configured. The message is all that is shown: what is wrong, and which key or option to change.
/// </summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
