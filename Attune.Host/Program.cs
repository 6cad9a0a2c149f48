using Attune.Host;
using Attune.Host.Verbs;

using var signals = new StopSignals();
return await CommandLine.RunAsync(args, Console.Out, Console.Error, signals.Stop);
