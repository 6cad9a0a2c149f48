namespace Attune.Db.Embedded;

/// <summary>
/// The embedded server cannot run here. The message is for the person who started the host: what is wrong, and what to do.
/// </summary>
public sealed class DatabaseServerException(string message, Exception? cause = null) : Exception(message, cause);
