using System.Net;
using System.Text.Json;
using Causeway.Bus.Links;
using Causeway.Bus.Nodes;
using Causeway.Core.Control;
using Causeway.Core.Health;
using Causeway.Core.Links;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Health;

/// <summary>
/// The node's side of the deployment's control: publishes its reports and does what members of the deployment command, over a
/// connection to its own client port. One thread at a time reports.
/// </summary>
internal sealed class ControlLine : IDisposable
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly BusNode _node;
    private readonly NodeReporter _reporter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DeploymentKey _key;
    private readonly string _reportSubject;
    private readonly string _answerSubject;
    private readonly OwnLine _line;
    private readonly Dictionary<CommandResult, DateTimeOffset> _loggedAt = [];
    private string _failure = "";

    public ControlLine(BusNode node, LinkOptions links, NodeReporter reporter, TimeProvider time, ILogger log)
    {
        _node = node;
        _reporter = reporter;
        _time = time;
        _log = log;
        (string region, string name) = (links.Region, node.Info.ServerName);
        _key = new DeploymentKey(links.Deployment, links.Secret);
        _reportSubject = ControlSubjects.Report(region, name);
        _answerSubject = ControlSubjects.Answer(region, name);
        string commands = ControlSubjects.Command(region, name);
        Gate = new CommandGate(_key, commands, node.Info.ServerId);
        // Without a secret anybody could seal: no harm where only this machine gets in.
        TakesCommands = links.Secret.Length > 0 || IPAddress.IsLoopback(node.ClientAddress.Address);
        _line = new OwnLine(node, node.Context.SystemTenant, "causeway-control", TakesCommands ? [commands] : [], OnFrameAsync, HealthLimits.BusDeadline, time);
    }

    /// <summary>False on a node that clients reach from outside while its deployment has no secret.</summary>
    public bool TakesCommands { get; }

    /// <summary>Says once at the start what it does not do.</summary>
    public void Start()
    {
        if (!TakesCommands)
        {
            HealthLog.NoCommands(_log, _node.ClientAddress.ToString());
        }
    }

    /// <summary>Who lets commands through, and counts them.</summary>
    public CommandGate Gate { get; }

    /// <summary>Publishes a report. What hinders it is logged once until it works again.</summary>
    public async Task ReportAsync(HealthVerdict verdict, HealthEvidence evidence)
    {
        try
        {
            NodeReport report = await _reporter.CreateAsync(verdict, evidence).ConfigureAwait(false);
            byte[] message = Seal(report);
            string failure = "";
            if (message.Length > _node.Info.MaxPayloadBytes)
            {
                failure = $"a report of {message.Length} bytes is over max-payload ({_node.Info.MaxPayloadBytes}); it goes without links and alarms";
                message = Seal(report with { Links = [], Alarms = [] });
            }

            await _line.PublishAsync(_reportSubject, message).ConfigureAwait(false);
            Note(failure);
        }
        catch (IOException fault)
        {
            Note(fault.Message);
        }
    }

    public void Dispose() => _line.Dispose();

    private byte[] Seal(NodeReport report) =>
        SealedMessage.Seal(_key, _reportSubject, _time.GetUtcNow(), JsonSerializer.SerializeToUtf8Bytes(report, ControlJson.Default.NodeReport));

    private void Note(string failure)
    {
        if (failure.Length == 0 && _failure.Length > 0)
        {
            HealthLog.ReportsAgain(_log);
        }
        else if (failure.Length > 0 && _failure.Length == 0)
        {
            HealthLog.ReportFailed(_log, failure);
        }

        _failure = failure;
    }

    private async Task OnFrameAsync(OwnFrame frame, OwnClient client)
    {
        if (frame.Line != "MSG")
        {
            return;
        }

        // What was too large for the connection's buffer is too large for a command.
        byte[] message = frame.Payload ?? new byte[CommandGate.MaxCommandBytes + 1];
        CommandResult result = Gate.Take(_time.GetUtcNow(), message, out NodeCommand? command);
        string problem = result == CommandResult.Taken ? ProblemWith(command!) : Problem(result);
        if (result != CommandResult.Taken)
        {
            LogRefusal(result, problem);
        }
        else
        {
            HealthLog.CommandTaken(_log, problem.Length == 0 ? Describe(command!) : $"{Describe(command!)}, not done: {problem}", command!.CommandId);
        }

        if (CommandGate.IsFromMember(result) && frame.Reply.Length > 0)
        {
            NodeAnswer answer = new() { CommandId = command?.CommandId ?? Guid.Empty, IsDone = problem.Length == 0, Problem = problem };
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(answer, ControlJson.Default.NodeAnswer);
            await client.PublishAsync(frame.Reply, SealedMessage.Seal(_key, _answerSubject, _time.GetUtcNow(), body), HealthLimits.BusDeadline, _time).ConfigureAwait(false);
        }

        if (result == CommandResult.Taken && problem.Length == 0)
        {
            Execute(command!);
        }
    }

    private static string Describe(NodeCommand command) =>
        command.Kind == NodeCommandKind.Drain ? "drain" : $"set the memory budget to {command.MemoryLimitBytes} bytes";

    private static string Problem(CommandResult result) => result switch
    {
        CommandResult.TooLarge => $"it is larger than {CommandGate.MaxCommandBytes} bytes",
        CommandResult.Forged => "it was not sealed with this deployment's key for this node",
        CommandResult.Stale => $"it was sealed more than {ReportLimits.MaxSealAge.TotalSeconds:0} s from this node's time",
        CommandResult.Foreign => "it is for another lifetime of the node",
        CommandResult.Replayed => "it was taken before",
        CommandResult.TooMany => $"{CommandGate.MaxRemembered} commands were taken within the last {ReportLimits.MaxSealAge.TotalSeconds:0} s",
        _ => "it is no command that this node knows",
    };

    private string ProblemWith(NodeCommand command) => command.Kind switch
    {
        NodeCommandKind.SetMemoryLimit when command.MemoryLimitBytes < BusNode.LeastMemoryLimitBytes =>
            $"{command.MemoryLimitBytes} is no memory budget; accepted is a number of bytes from {BusNode.LeastMemoryLimitBytes} up",
        NodeCommandKind.Drain when !_node.CanBeAskedToLeave => "the process that this node is part of takes no request to leave",
        _ => "",
    };

    private void Execute(NodeCommand command)
    {
        if (command.Kind == NodeCommandKind.Drain)
        {
            _node.AskToLeave();
        }
        else
        {
            _node.SetMemoryLimit(command.MemoryLimitBytes);
        }
    }

    /// <summary>A flood of them is one line a second with their number.</summary>
    private void LogRefusal(CommandResult result, string problem)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (!_loggedAt.TryGetValue(result, out DateTimeOffset last) || (now - last).Duration() >= LogInterval)
        {
            _loggedAt[result] = now;
            HealthLog.CommandRefused(_log, problem, result.ToString(), Gate.Count(result));
        }
    }
}
