using System.Runtime.InteropServices;

namespace Attune.Host;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal, from the first moment on: the embedded server may be starting before there is a host.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Received));
        }
    }

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private void Received(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
