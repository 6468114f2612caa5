using System.CommandLine;
using Causeway.Cli.Output;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>The option of commands that run on: by default they connect again when the connection is lost, and say so.</summary>
internal sealed class ReconnectOption
{
    private readonly Option<bool> _none = new("--no-reconnect")
    {
        Description = "End, with exit code 2, when the connection is lost, instead of connecting again",
    };

    public void AddTo(Command command) => command.Options.Add(_none);

    public BusClientOptions Apply(ParseResult parsed, BusClientOptions options)
    {
        bool reconnects = !parsed.GetValue(_none);
        return options with
        {
            Reconnect = reconnects ? new ReconnectOptions() : null,
            OnEvent = happened =>
            {
                // Where a loss is the end, the error line tells it.
                if (reconnects || happened is not ClientEvent.Disconnected)
                {
                    Notices.Tell(happened);
                }
            },
        };
    }
}
