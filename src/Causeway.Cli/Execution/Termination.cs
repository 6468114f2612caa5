using System.Runtime.InteropServices;

namespace Causeway.Cli.Execution;

/// <summary>
/// Turns SIGINT and SIGTERM into the cancellation of a token, once: a second signal ends the process at once, as it does by default.
/// </summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signal;

    public Termination() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];

    public CancellationToken Token => _requested.Token;

    /// <summary>The exit code for the signal that came; null where none did.</summary>
    public int? ExitCode => (PosixSignal)Volatile.Read(ref _signal) switch
    {
        PosixSignal.SIGINT => Execution.ExitCode.Interrupted,
        PosixSignal.SIGTERM => Execution.ExitCode.Terminated,
        _ => null,
    };

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _requested.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = Interlocked.CompareExchange(ref _signal, (int)context.Signal, 0) == 0;
        if (context.Cancel)
        {
            _requested.Cancel();
        }
    }
}
