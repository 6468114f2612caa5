using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Bench;

/// <summary>The <c>bench</c> command: load against any server that speaks the NATS client protocol.</summary>
internal static class BenchCommand
{
    private const string Details = """
        Examples:
          causeway bench pubsub --size 16 --messages 10M
          causeway bench fanout --server nats://10.0.0.7:4222 --subscribers 100 --verify
          causeway bench request --clients 50 --rate 20k --duration 10s --json
          causeway bench connections --count 10k --pid 4711

        Exit codes: 0 done and everything arrived, 1 wrong options, 2 no connection, 5 something is missing, failed or timed out.
        """;

    public static Command Create()
    {
        Command command = new("bench", "Measure a server that speaks the NATS client protocol.") { Pub(), PubSub(), FanOut(), Request(), Subs(), Connections() };
        HelpText.Append(command, Details);
        return command;
    }

    private static Command Pub()
    {
        BenchOptions o = new();
        Command command = new("pub", "Publish where nobody subscribes; a PING behind the last message tells when the server has handled all")
        {
            o.Server, o.Publishers, o.Subjects, o.Subject, o.Size, o.Messages, o.Duration, o.Warmup, o.Timeout, o.Json, o.Pid,
        };
        command.SetAction(parsed => RunLoad(o, parsed, () => Load("pub", o, parsed) with
        {
            Publishers = Int(parsed, o.Publishers),
            Subjects = Int(parsed, o.Subjects),
        }));
        return command;
    }

    private static Command PubSub()
    {
        BenchOptions o = new();
        Command command = new("pubsub", "Publish from N connections to M, all on one subject or spread over several")
        {
            o.Server, o.SubscribeServer, o.Publishers, o.Subscribers, o.Subjects, o.Subject, o.Size, o.Messages, o.Duration, o.Warmup, o.Window, o.Verify, o.Timeout, o.Json, o.Pid, o.SecondPid,
        };
        command.SetAction(parsed => RunLoad(o, parsed, () => Load("pubsub", o, parsed) with
        {
            Publishers = Int(parsed, o.Publishers),
            Subscribers = Int(parsed, o.Subscribers),
            Subjects = Int(parsed, o.Subjects),
            SubscribeServer = parsed.GetValue(o.SubscribeServer),
            Window = parsed.GetValue(o.Window)?.Value,
            Verify = parsed.GetValue(o.Verify),
        }));
        return command;
    }

    private static Command FanOut()
    {
        BenchOptions o = new();
        Command command = new("fanout", "Publish from one connection to many subscribers of one subject")
        {
            o.Server, o.SubscribeServer, o.FanOut, o.Subject, o.Size, o.Messages, o.Duration, o.Warmup, o.Window, o.Verify, o.Timeout, o.Json, o.Pid, o.SecondPid,
        };
        command.SetAction(parsed => RunLoad(o, parsed, () => Load("fanout", o, parsed) with
        {
            Subscribers = Int(parsed, o.FanOut),
            SubscribeServer = parsed.GetValue(o.SubscribeServer),
            Window = parsed.GetValue(o.Window)?.Value,
            Verify = parsed.GetValue(o.Verify),
        }));
        return command;
    }

    private static Command Request()
    {
        BenchOptions o = new();
        Command command = new("request", "Request and reply with latency percentiles, as fast as replies come or at a fixed rate")
        {
            o.Server, o.SubscribeServer, o.Clients, o.InFlight, o.Responders, o.Rate, o.Subject, o.Size, o.Messages, o.Duration, o.Warmup, o.Timeout, o.Json, o.Pid, o.SecondPid,
        };
        command.SetAction(parsed => BenchRunner.Run(parsed.GetValue(o.Json), progress =>
        {
            RequestSettings settings = new()
            {
                Server = o.ServerOf(parsed),
                Timeout = parsed.GetValue(o.Timeout).Time,
                SubscribeServer = parsed.GetValue(o.SubscribeServer),
                Pids = o.PidsOf(parsed),
                Clients = Int(parsed, o.Clients),
                InFlight = Int(parsed, o.InFlight),
                Responders = Int(parsed, o.Responders),
                Rate = parsed.GetValue(o.Rate)?.PerSecond,
                Subject = o.SubjectOf(parsed),
                Size = (int)parsed.GetValue(o.Size).Bytes,
                Messages = parsed.GetValue(o.Messages)?.Value,
                Duration = o.DurationOf(parsed),
                Warmup = parsed.GetValue(o.Warmup).Time,
            };
            using RequestRun run = new(settings, progress);
            return run.Run();
        }));
        return command;
    }

    private static Command Subs()
    {
        BenchOptions o = new();
        Command command = new("subs", "Subscribe one connection to many random literal subjects, and hold them")
        {
            o.Server, o.SubscriptionCount, o.Length, o.Tokens, o.Settle, o.Timeout, o.Json, o.Pid,
        };
        command.SetAction(parsed => BenchRunner.Run(parsed.GetValue(o.Json), progress =>
        {
            HoldSettings settings = Hold(o, parsed, o.SubscriptionCount) with { Length = Int(parsed, o.Length), Tokens = Int(parsed, o.Tokens) };
            using SubscriptionsRun run = new(settings, progress);
            return run.Run();
        }));
        return command;
    }

    private static Command Connections()
    {
        BenchOptions o = new();
        Command command = new("connections", "Open many connections, and hold them idle")
        {
            o.Server, o.ConnectionCount, o.Settle, o.Timeout, o.Json, o.Pid,
        };
        command.SetAction(parsed => BenchRunner.Run(parsed.GetValue(o.Json), progress =>
        {
            using ConnectionsRun run = new(Hold(o, parsed, o.ConnectionCount), progress);
            return run.Run();
        }));
        return command;
    }

    private static int RunLoad(BenchOptions o, ParseResult parsed, Func<LoadSettings> settings) =>
        BenchRunner.Run(parsed.GetValue(o.Json), progress =>
        {
            using LoadRun run = new(settings(), progress);
            return run.Run();
        });

    private static LoadSettings Load(string mode, BenchOptions o, ParseResult parsed) => new()
    {
        Mode = mode,
        Server = o.ServerOf(parsed),
        Timeout = parsed.GetValue(o.Timeout).Time,
        Pids = o.PidsOf(parsed),
        Publishers = 1,
        Subscribers = 0,
        Subjects = 1,
        Subject = o.SubjectOf(parsed),
        Size = (int)parsed.GetValue(o.Size).Bytes,
        Messages = parsed.GetValue(o.Messages)?.Value,
        Duration = o.DurationOf(parsed),
        Warmup = parsed.GetValue(o.Warmup).Time,
    };

    private static HoldSettings Hold(BenchOptions o, ParseResult parsed, Option<Count> count) => new()
    {
        Server = o.ServerOf(parsed),
        Timeout = parsed.GetValue(o.Timeout).Time,
        Pids = o.PidsOf(parsed),
        Count = Int(parsed, count),
        Settle = parsed.GetValue(o.Settle).Time,
    };

    private static int Int(ParseResult parsed, Option<Count> option) => (int)parsed.GetValue(option).Value;
}
