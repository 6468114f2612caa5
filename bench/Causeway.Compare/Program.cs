using System.Runtime.InteropServices;
using Causeway.Compare;
using Causeway.Compare.Regions;

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
    return args is [RegionsCommand.Name, .. string[] rest] ? RegionsCommand.Run(rest) : CompareCommand.Run(args);
}
finally
{
    ChildProcess.StopAll();
}
