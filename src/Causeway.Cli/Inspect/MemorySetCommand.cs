using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;
using Causeway.Cli.Serve;
using Causeway.Client;
using Causeway.Core.Control;
using Causeway.Core.Links;

namespace Causeway.Cli.Inspect;

/// <summary>
/// <c>causeway memory set SIZE</c>: changes a running node's memory budget, by its page from the same machine, or from anywhere by a command
/// sealed with the deployment's key.
/// </summary>
internal sealed class MemorySetCommand
{
    private const string Examples = """
        Examples:
          causeway memory set 4GiB
          causeway memory set 4GiB --http 10.0.0.7:8222 --server nats://10.0.0.7:4222 --deployment-key-file deployment.key

        Without a key the node must be on this machine: it takes another budget over a loopback address only. With --deployment-key-file
        the command is sealed and goes over the bus, by any node of the deployment (--server), to the one whose pages are at --http.
        """;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly Argument<ByteSize> _size = new("size")
    {
        Description = "The budget, such as 4GiB",
        CustomParser = result =>
        {
            ValueRange<ByteSize> range = new(new ByteSize(BusNode.LeastMemoryLimitBytes), new ByteSize(1L << 46));
            if (!range.TryRead("size", result.Tokens[^1].Value, out ByteSize size, out string error))
            {
                result.AddError(error);
            }

            return size;
        },
    };

    private readonly Option<string> _http = HttpOption.Create();
    private readonly Option<string> _keyFile = ServeOptions.Text("--deployment-key-file", "File with the secret that all nodes of the deployment share", "", _ => null);
    private readonly Option<string> _deployment = ServeOptions.Text("--deployment", "The deployment's name", "causeway", ServeOptions.CheckName);
    private readonly ConnectionOptions _connection = new();

    public static Command Create()
    {
        MemorySetCommand set = new();
        Command command = new("set", "Change a node's memory budget while it runs.") { set._size };
        command.Options.Add(set._http);
        command.Options.Add(set._keyFile);
        command.Options.Add(set._deployment);
        set._connection.AddTo(command);
        command.SetAction(set.RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        long bytes = parsed.GetRequiredValue(_size).Bytes;
        Uri node = new($"http://{parsed.GetRequiredValue(_http)}/");
        List<string> faults = [];
        byte[] secret = SecretFile.Read(_keyFile.Name, parsed.GetRequiredValue(_keyFile), faults);
        if (faults.Count > 0)
        {
            throw new CommandException(ExitCode.Usage, faults[0]);
        }

        if (secret.Length == 0)
        {
            await NodePage.PutAsync(node, "/memz/budget", bytes.ToString(CultureInfo.InvariantCulture), AnswerTimeout, cancellation);
        }
        else
        {
            await CommandAsync(parsed, node, new DeploymentKey(parsed.GetRequiredValue(_deployment), secret), bytes, cancellation);
        }

        await Console.Out.WriteLineAsync($"memory budget: {new ByteSize(bytes)}");
        return ExitCode.Success;
    }

    private async Task CommandAsync(ParseResult parsed, Uri page, DeploymentKey key, long bytes, CancellationToken cancellation)
    {
        using JsonDocument regions = JsonDocument.Parse(await NodePage.ReadAsync(page, "/regionz", AnswerTimeout, cancellation));
        using JsonDocument varz = JsonDocument.Parse(await NodePage.ReadAsync(page, "/varz", AnswerTimeout, cancellation));
        if (!regions.RootElement.Has("region"))
        {
            throw new CommandException(ExitCode.Usage, $"{page.Authority} belongs to no region and takes no commands; leave --deployment-key-file out, on its own machine");
        }

        (string region, string name) = (regions.RootElement.Text("region"), regions.RootElement.Text("node"));
        NodeCommand command = new() { Kind = NodeCommandKind.SetMemoryLimit, NodeId = varz.RootElement.Text("server_id"), CommandId = Guid.NewGuid(), MemoryLimitBytes = bytes };
        string subject = ControlSubjects.Command(region, name);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(command, ControlJson.Default.NodeCommand);
        await using BusClient client = await BusClient.ConnectAsync(_connection.Read(parsed), cancellation);
        Message reply = await client.RequestAsync(subject, SealedMessage.Seal(key, subject, DateTimeOffset.UtcNow, body), timeout: AnswerTimeout, cancellationToken: cancellation);
        string from = ControlSubjects.Answer(region, name);
        if (!SealedMessage.TryOpen(key, from, DateTimeOffset.UtcNow, ReportLimits.MaxSealAge, reply.Data.Span, out ReadOnlySpan<byte> answer, out _))
        {
            throw new CommandException(ExitCode.Failure, $"the answer does not come from node {name}: it is not sealed with this deployment's key");
        }

        NodeAnswer? told = JsonSerializer.Deserialize(answer, ControlJson.Default.NodeAnswer);
        if (told is not { IsDone: true })
        {
            throw new CommandException(ExitCode.Failure, $"node {name} refuses: {told?.Problem}");
        }
    }
}
