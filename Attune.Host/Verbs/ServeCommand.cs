using System.CommandLine;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>serve</c>, which is also what is done without a verb.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(VerbContext context)
    {
        var command = new Command(Name, "Run Attune: the pages, the API, the resolver and a worker.");
        command.SetAction((_, stop) => ServeHandler.RunAsync(context.Configuration, stop));
        return command;
    }
}
