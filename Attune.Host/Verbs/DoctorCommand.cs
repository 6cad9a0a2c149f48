using System.CommandLine;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("doctor", "Look for work that has stopped; exit code 1 when something needs looking into.");
        command.SetAction((_, stop) => DoctorHandler.RunAsync(context, stop));
        return command;
    }
}
