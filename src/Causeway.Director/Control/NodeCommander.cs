using System.Text.Json;
using Causeway.Client;
using Causeway.Core.Control;
using Causeway.Core.Links;
using Causeway.Director.Registry;

namespace Causeway.Director.Control;

/// <summary>Asks nodes to do something, sealed, over the bus, and reads their sealed answers. Thread-safe.</summary>
/// <param name="feed">The connection to the bus.</param>
/// <param name="key">The deployment's key.</param>
/// <param name="time">The clock.</param>
public sealed class NodeCommander(BusFeed feed, DeploymentKey key, TimeProvider time)
{
    /// <summary>Time that a node has to answer.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Asks and waits; gives why it was not done, in one line, empty if it is done or begun.</summary>
    public async Task<string> SendAsync(NodeReport node, NodeCommandKind kind, long memoryLimitBytes, CancellationToken cancel)
    {
        if (feed.Client is not { } client)
        {
            return $"the bus can't be reached: {feed.Problem}";
        }

        NodeCommand command = new() { Kind = kind, NodeId = node.Id, CommandId = Guid.NewGuid(), MemoryLimitBytes = memoryLimitBytes };
        string subject = ControlSubjects.Command(node.Region, node.Node);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(command, ControlJson.Default.NodeCommand);
        try
        {
            Message reply = await client.RequestAsync(
                subject, SealedMessage.Seal(key, subject, time.GetUtcNow(), body), timeout: AnswerTimeout, cancellationToken: cancel).ConfigureAwait(false);
            return Read(node, command.CommandId, reply.Data.Span);
        }
        catch (Exception fault) when (fault is BusException or TimeoutException or ObjectDisposedException)
        {
            return $"node {node.Node} did not answer: {fault.Message}";
        }
    }

    private string Read(NodeReport node, Guid command, ReadOnlySpan<byte> message)
    {
        string from = ControlSubjects.Answer(node.Region, node.Node);
        if (!SealedMessage.TryOpen(key, from, time.GetUtcNow(), ReportLimits.MaxSealAge, message, out ReadOnlySpan<byte> body, out _))
        {
            return $"the answer does not come from node {node.Node}: it is not sealed with this deployment's key";
        }

        try
        {
            NodeAnswer? answer = JsonSerializer.Deserialize(body, ControlJson.Default.NodeAnswer);
            return answer is null || answer.CommandId != command ? $"node {node.Node} answered to another command"
                : answer.IsDone ? "" : $"node {node.Node} refuses: {answer.Problem}";
        }
        catch (JsonException)
        {
            return $"the answer of node {node.Node} can't be read";
        }
    }
}
