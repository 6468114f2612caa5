using Causeway.Client;

namespace Causeway.Cli.Output;

/// <summary>What is said to the user beside the data: one line an event on standard error.</summary>
internal static class Notices
{
    public static void Write(string line) => Console.Error.WriteLine(line);

    /// <summary>Tells what happens to a connection that comes back by itself. The end is not told: the command ends with an error then.</summary>
    public static void Tell(ClientEvent happened)
    {
        string? line = happened switch
        {
            ClientEvent.Disconnected lost => $"{lost.Reason.Message}; connecting again",
            ClientEvent.Reconnected back => $"connected again to {back.Server}",
            ClientEvent.ReconnectFailed failed => failed.Reason.Message,
            ClientEvent.ServerError error => $"the server says: {error.Text}",
            ClientEvent.LameDuck leaving => $"{leaving.Server} is going to close its connections",
            ClientEvent.SlowConsumer slow =>
                $"messages come faster than they are taken: {slow.Subscription.DroppedMessages} dropped so far on '{slow.Subscription.Subject}'",
            _ => null,
        };
        if (line is not null)
        {
            Write(line);
        }
    }
}
