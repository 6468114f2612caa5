using System.Net;
using System.Net.Sockets;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Inspect;

/// <summary>Reads a monitoring page of a node. What goes wrong becomes one line and the exit code that fits.</summary>
internal static class NodePage
{
    private const int MaxPageBytes = 256 * 1024 * 1024;

    /// <summary>The page's text.</summary>
    public static async Task<string> ReadAsync(Uri node, string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        // Monitoring is on the node's own network; a proxy that the environment names is for others.
        using SocketsHttpHandler handler = new() { UseProxy = false };
        using HttpClient client = new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxPageBytes };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(node, path), deadline.Token);
            string text = await response.Content.ReadAsStringAsync(deadline.Token);
            return response.IsSuccessStatusCode ? text : throw Refused(node, response.StatusCode, text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer from {node.Authority} within {timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException(ExitCode.Connection, $"can't reach {node.Authority}: {Reason(fault)}");
        }
    }

    private static CommandException Refused(Uri node, HttpStatusCode status, string text) =>
        status == HttpStatusCode.BadRequest ? new CommandException(ExitCode.Usage, text.Trim())
        : new CommandException(ExitCode.Failure, $"{node.Authority} answers with status {(int)status}: {FirstLine(text)}");

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    private static string Reason(HttpRequestException fault) => fault.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "host not found",
        { } inner => inner.Message,
        _ => fault.Message,
    };
}
