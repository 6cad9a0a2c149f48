using System.Globalization;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;

namespace Attune.Db.Migrations;

/// <summary>
/// What DbUp says, for whoever asks for details: it is chatty, one line a script, and tells one failure four times. The migrator says
/// how many scripts ran, and its exception which one failed and why.
/// </summary>
internal sealed partial class Notes(ILogger logger) : IUpgradeLog
{
    public void LogTrace(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogDebug(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogInformation(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogWarning(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogError(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogError(Exception ex, string format, params object[] args) => Log.Note(logger, Text(format, args));

    private static string Text(string format, object[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Note}")]
        public static partial void Note(ILogger logger, string note);
    }
}
