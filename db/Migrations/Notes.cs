using System.Globalization;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;

namespace Attune.Db.Migrations;

/// <summary>What DbUp says, at a level of its own: it is chatty, one line a script, and the migrator says the sum.</summary>
internal sealed partial class Notes(ILogger logger) : IUpgradeLog
{
    public void LogTrace(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogDebug(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogInformation(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogWarning(string format, params object[] args) => Log.Note(logger, Text(format, args));

    public void LogError(string format, params object[] args) => Log.Failure(logger, null, Text(format, args));

    public void LogError(Exception ex, string format, params object[] args) => Log.Failure(logger, ex, Text(format, args));

    private static string Text(string format, object[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Note}")]
        public static partial void Note(ILogger logger, string note);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Failure}")]
        public static partial void Failure(ILogger logger, Exception? error, string failure);
    }
}
