using System.Net;
using System.Net.Sockets;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Inspect;

/// <summary>Reads a monitoring page of a node. What goes wrong becomes one line and the exit code that fits.</summary>
internal static class NodePage
{
    private const int MaxPageBytes = 256 * 1024 * 1024;

    /// <summary>The page's text.</summary>
    public static Task<string> ReadAsync(Uri node, string path, TimeSpan timeout, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, node, path, null, timeout, cancellationToken);

    /// <summary>Sets what the page is about, and gives its text then.</summary>
    public static Task<string> PutAsync(Uri node, string path, string body, TimeSpan timeout, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, node, path, body, timeout, cancellationToken);

    private static async Task<string> SendAsync(HttpMethod method, Uri node, string path, string? body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        // Monitoring is on the node's own network; a proxy that the environment names is for others.
        using SocketsHttpHandler handler = new() { UseProxy = false };
        using HttpClient client = new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxPageBytes };
        try
        {
            using HttpRequestMessage request = new(method, new Uri(node, path)) { Content = body is null ? null : new StringContent(body) };
            using HttpResponseMessage response = await client.SendAsync(request, deadline.Token);
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
        status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden ? new CommandException(ExitCode.Usage, text.Trim())
        : new CommandException(ExitCode.Failure, $"{node.Authority} answers with status {(int)status}: {Reason(status, text)}");

    private static string Reason(HttpStatusCode status, string text) => text.Split('\n', 2)[0].Trim() switch
    {
        "" when status is HttpStatusCode.NotFound => "no node's monitoring is there; accepted is what a node listens on for --http",
        "" => "it does not say why",
        string line => line,
    };

    private static string Reason(HttpRequestException fault) => fault.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "host not found",
        { } inner => inner.Message,
        _ => fault.Message,
    };
}
