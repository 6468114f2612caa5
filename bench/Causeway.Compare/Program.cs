using System.Runtime.InteropServices;
using Causeway.Compare;
using Causeway.Compare.Clients;
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
    return args switch
    {
        [RegionsCommand.Name, .. string[] rest] => RegionsCommand.Run(rest),
        [ClientsCommand.Name, .. string[] rest] => ClientsCommand.Run(rest),
        [CausewayLoad.Name, .. string[] rest] => CausewayLoad.Run(rest),
        _ => CompareCommand.Run(args),
    };
}
finally
{
    ChildProcess.StopAll();
}
