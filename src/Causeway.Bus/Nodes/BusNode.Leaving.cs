using Causeway.Bus.Transport;
using Causeway.Core;
using Causeway.Core.Clients;

namespace Causeway.Bus.Nodes;

/// <content>The ways down.</content>
public sealed partial class BusNode
{
    /// <summary>
    /// Leaves without hurry: refuses new clients, tells those there are to go elsewhere, and after the grace time closes them one by
    /// one over the lame-duck duration. Ends when all are gone.
    /// </summary>
    public async Task LameDuckAsync(CancellationToken cancellation = default)
    {
        Limits limits = Context.Limits;
        if (!await StopAcceptingAsync().ConfigureAwait(false))
        {
            return;
        }

        NodeLog.LameDuck(_log, Connections.Count, limits.LameDuckGrace.TotalSeconds, limits.LameDuckDuration.TotalSeconds);
        lock (_telling)
        {
            Context.Info = InfoToTell() with { LameDuck = true };
        }

        Connections.TellInfo();
        SystemTenant?.Events.TellLeaving(isLameDuck: true);
        await Health.TellAsync().ConfigureAwait(false);

        await Task.Delay(limits.LameDuckGrace, _time, cancellation).ConfigureAwait(false);
        ClientConnection[] clients = [.. Connections.Open];
        Random.Shared.Shuffle(clients);
        double gap = Math.Min(
            LargestCloseGapMilliseconds,
            (limits.LameDuckDuration - limits.LameDuckGrace).TotalMilliseconds / Math.Max(1, clients.Length));
        double due = 0;
        // Those who have left by themselves when their turn comes did as they were told to.
        foreach (ClientConnection client in clients.Where(client => client.CloseReason == CloseReason.None))
        {
            client.Close(CloseReason.ServerShutdown);
            due += gap;
            if (due >= 1)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(due), _time, cancellation).ConfigureAwait(false);
                due = 0;
            }
        }

        await LeaveAsync().ConfigureAwait(false);
        await WaitUntilEmptyAsync().ConfigureAwait(false);
        await LeaveOthersAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Leaves in good order: takes no new clients, works through what has arrived already, sends what waits, and closes. What is
    /// not sent within the drain timeout is given up. Ends when all clients are gone.
    /// </summary>
    public async Task DrainAsync()
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        NodeLog.Draining(_log, Connections.Count, Context.Limits.DrainTimeout.TotalSeconds);
        await LeaveAsync().ConfigureAwait(false);
        // Nobody is closed before nobody is read any more: else a message would be accepted after a subscriber of it was gone.
        await OnAllLoopsAsync(loop => loop.ReadLast()).ConfigureAwait(false);
        await WaitUntilReadAsync(Context.Limits.DrainTimeout / 2).ConfigureAwait(false);
        await OnAllLoopsAsync(loop => loop.StopReading()).ConfigureAwait(false);
        foreach (ClientConnection connection in Connections.Open.Concat(Connections.Own))
        {
            connection.Close(CloseReason.ServerShutdown);
        }

        await WaitUntilEmptyAsync().ConfigureAwait(false);
        await LeaveOthersAsync().ConfigureAwait(false);
    }

    private async Task LeaveOthersAsync()
    {
        await (Leafs?.LeaveAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        await (Mesh?.LeaveAsync(Context.Limits.DrainTimeout) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private async Task<bool> StopAcceptingAsync()
    {
        if (Interlocked.Exchange(ref _accepting, 0) == 0)
        {
            return false;
        }

        await _loops[0].InvokeAsync(StopListening).ConfigureAwait(false);
        return true;
    }

    /// <summary>Says for the last time how the node is and that it goes, and ends its connections to itself.</summary>
    private Task LeaveAsync() => Task.WhenAll(Health.LeaveAsync(), SystemTenant?.LeaveAsync() ?? Task.CompletedTask);

    private Task OnAllLoopsAsync(Action<EventLoop> action) => Task.WhenAll(_loops.Select(loop => loop.InvokeAsync(() => action(loop))));

    /// <summary>Waits until all that had arrived is worked through; what lags is read with pauses.</summary>
    private async Task WaitUntilReadAsync(TimeSpan most)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            int left = 0;
            await OnAllLoopsAsync(loop => Interlocked.Add(ref left, loop.CountToRead())).ConfigureAwait(false);
            if (left == 0 || _time.GetElapsedTime(start) >= most)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), _time).ConfigureAwait(false);
        }
    }

    private async Task WaitUntilEmptyAsync()
    {
        long start = _time.GetTimestamp();
        TimeSpan most = Context.Limits.DrainTimeout + Context.Limits.CloseLingerTimeout;
        while (!Connections.IsEmpty && _time.GetElapsedTime(start) < most)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time).ConfigureAwait(false);
        }
    }
}
