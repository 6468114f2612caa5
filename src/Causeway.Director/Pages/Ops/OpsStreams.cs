using System.Text;
using Causeway.Director.Pages.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Causeway.Director.Pages.Ops;

/// <summary>
/// The live operations pages, by server-sent events: a bounded number, each of which gets the newest frame when it is ready for one, so that
/// a slow page costs no memory. Thread-safe.
/// </summary>
internal sealed class OpsStreams(TimeProvider time)
{
    private static readonly byte[] Heartbeat = Encoding.ASCII.GetBytes(":\n\n");

    private int _open;
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile byte[]? _frame;

    /// <summary>Pages that are live.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Pages that were refused because too many are live, since the start.</summary>
    public long Refused { get; private set; }

    /// <summary>Shows <paramref name="frame"/> to all.</summary>
    public void Publish(byte[] frame)
    {
        _frame = [.. "data: "u8, .. frame, .. "\n\n"u8];
        TaskCompletionSource next = Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        next.SetResult();
    }

    /// <summary>Serves one page until it goes, its login ends, or it does not take what it is sent.</summary>
    public async Task ServeAsync(HttpContext context, OperatorGuard guard, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref _open) > PagesLimits.MaxStreams)
        {
            Interlocked.Decrement(ref _open);
            Refused++;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
            return;
        }

        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            byte[]? sent = null;
            while (await guard.SessionOfAsync(context).ConfigureAwait(false) is not null)
            {
                Task next = _next.Task;
                byte[]? frame = _frame;
                await SendAsync(context, frame is null || ReferenceEquals(frame, sent) ? Heartbeat : frame, cancel.Token).ConfigureAwait(false);
                sent = frame;
                await Task.WhenAny(next, Task.Delay(PagesLimits.StreamHeartbeat, time, cancel.Token)).ConfigureAwait(false);
                cancel.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task SendAsync(HttpContext context, byte[] bytes, CancellationToken cancel)
    {
        using CancellationTokenSource late = new(PagesLimits.StreamWriteTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        await context.Response.Body.WriteAsync(bytes, either.Token).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(either.Token).ConfigureAwait(false);
    }
}
