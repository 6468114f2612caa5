namespace Causeway.Client.Connections;

/// <summary>Why something has ended, for those who come later: each call throws an exception of its own, with its own stack.</summary>
internal static class Ending
{
    public static Exception Again(Exception reason) => reason switch
    {
        ObjectDisposedException disposed => new ObjectDisposedException(disposed.ObjectName),
        ServerErrorException refused => new ServerErrorException(refused.Text),
        _ => new BusConnectionException(reason.Message, reason),
    };
}
