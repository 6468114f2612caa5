using System.Runtime.InteropServices;
using Causeway.Compare;

const int Interrupted = 130;

void Stop(PosixSignalContext context)
{
    ChildProcess.StopAll();
    Environment.Exit(Interrupted);
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    return CompareCommand.Run(args);
}
finally
{
    ChildProcess.StopAll();
}
