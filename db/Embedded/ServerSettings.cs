using System.Globalization;
using System.Text.RegularExpressions;

namespace Attune.Db.Embedded;

/// <summary>The server's configuration file, for a small server on a machine that it shares.</summary>
internal static partial class ServerSettings
{
    private const long Megabyte = 1024 * 1024;

    public static string Text(int port, bool timescale)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Megabyte;
        return $"""
            # Written by Attune at every start. ALTER SYSTEM SET is the way to change a setting: what it says comes after this file.

            # This machine alone, and with a password: other users of the machine reach a port, but not the password file.
            listen_addresses = '127.0.0.1'
            port = {port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_directories = ''
            max_connections = 200

            shared_buffers = {Math.Clamp(memory / 8, 64, 512)}MB
            effective_cache_size = {Math.Clamp(memory / 2, 128, 16384)}MB
            work_mem = 8MB
            maintenance_work_mem = 64MB
            random_page_cost = 1.1
            # Queries here take milliseconds; compiling them takes longer.
            jit = off

            # An accepted event is durable.
            fsync = on
            full_page_writes = on
            synchronous_commit = on
            min_wal_size = 128MB
            max_wal_size = 2GB
            checkpoint_timeout = 15min

            timezone = 'UTC'
            log_timezone = 'UTC'
            lc_messages = 'C'

            # A week of logs: each day's file is written over when its day comes again.
            logging_collector = on
            log_directory = 'log'
            log_filename = 'server-%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d
            log_rotation_size = 0
            log_line_prefix = '%m [%p] '
            log_checkpoints = off
            log_autovacuum_min_duration = -1

            {(timescale ? Timescale : "")}
            """;
    }

    private const string Timescale = """
        shared_preload_libraries = 'timescaledb'
        timescaledb.telemetry_level = off
        timescaledb.max_background_workers = 8
        max_worker_processes = 24
        """;

    /// <summary>The port of the last start; null when there was none.</summary>
    public static int? LastPort(string path)
    {
        var line = File.Exists(path) ? PortLine().Match(File.ReadAllText(path)) : Match.Empty;
        return line.Success ? int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"^port = (\d{1,5})\r?$", RegexOptions.Multiline)]
    private static partial Regex PortLine();
}
