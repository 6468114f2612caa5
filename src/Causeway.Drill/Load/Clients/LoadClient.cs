using Causeway.Client;
using Causeway.Drill.Load.Accounting;

namespace Causeway.Drill.Load.Clients;

/// <summary>
/// One client: connects, sits in its rooms, answers calls if that is its part, and comes back when its connection breaks. Publishing
/// belongs to one thread; all else may be called from any.
/// </summary>
internal sealed class LoadClient : IAsyncDisposable
{
    /// <summary>The room of the region, among a client's rooms.</summary>
    public const int LocalRoom = 0;

    /// <summary>The room of all regions, among a client's rooms.</summary>
    public const int GlobalRoom = 1;

    private const int SettleParts = 10;

    private static readonly ReconnectOptions Reconnecting = new() { DelayMax = TimeSpan.FromSeconds(2), StableAfter = TimeSpan.FromSeconds(2) };

    private readonly LoadContext _context;
    private readonly string _region;
    private readonly string _name;
    private readonly IReadOnlyList<Room> _rooms;
    private readonly Tally _tally;
    private readonly string? _answers;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private BusClient? _client;
    private Presence? _presence;
    private bool _settled;
    private long _reconnects;

    /// <param name="context">What all clients share.</param>
    /// <param name="region">The region that it is at home in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="rooms">Its rooms: that of its region, and that of all regions.</param>
    /// <param name="tally">Where what it gets is counted.</param>
    /// <param name="answers">The subject of the calls that it answers; null for none.</param>
    public LoadClient(LoadContext context, string region, string name, IReadOnlyList<Room> rooms, Tally tally, string? answers)
    {
        _context = context;
        _region = region;
        _name = name;
        _rooms = rooms;
        _tally = tally;
        _answers = answers;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The region that it is connected to; null while it is not connected.</summary>
    public string? ConnectedTo => Volatile.Read(ref _presence)?.Region;

    /// <summary>True once it is owed what others publish.</summary>
    public bool IsSettled => Volatile.Read(ref _settled);

    /// <summary>How often it has connected again.</summary>
    public long Reconnects => Volatile.Read(ref _reconnects);

    /// <summary>True while it connects for the first time.</summary>
    public bool IsConnecting => Volatile.Read(ref _client) is null && !_running.IsCompleted;

    /// <summary>Publishes to one of its rooms; false if it can't at present.</summary>
    public bool TryPublish(int room, Span<byte> payload)
    {
        BusClient? client = Volatile.Read(ref _client);
        MessageStream? stream = Volatile.Read(ref _presence)?.Stream(room);
        if (client is null || stream is null || stream.HasEnded)
        {
            return false;
        }

        Numbering.Write(payload, stream.Id, stream.Sent);
        try
        {
            if (!client.TryPublish(_rooms[room].Subject, payload))
            {
                return false;
            }
        }
        catch (Exception gone) when (gone is BusException or ObjectDisposedException)
        {
            return false;
        }

        stream.CountSent();
        return true;
    }

    /// <summary>Calls somebody in another region; true if an answer came in time.</summary>
    public async Task<bool> CallAsync(string subject, ReadOnlyMemory<byte> payload)
    {
        BusClient? client = Volatile.Read(ref _client);
        if (client is null)
        {
            return false;
        }

        try
        {
            await client.RequestAsync(subject, payload, timeout: _context.Settings.CallTimeout, cancellationToken: _ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failed) when (failed is BusException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            for (int round = 0; ; round++)
            {
                if (await StayAsync(round).ConfigureAwait(false))
                {
                    round = -1;
                }

                await Task.Delay(_context.RandomPause(), _ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It is no longer wanted.
        }
    }

    /// <summary>Connects, and stays until the client gives up; false if it did not even connect.</summary>
    private async Task<bool> StayAsync(int round)
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        BusClient client;
        try
        {
            client = await BusClient.ConnectAsync(Options(round, closed), _ending.Token).ConfigureAwait(false);
        }
        catch (BusException)
        {
            return false;
        }

        await using (client.ConfigureAwait(false))
        {
            bool isFirst = Volatile.Read(ref _client) is null;
            Volatile.Write(ref _client, client);
            try
            {
                for (int room = 0; room < _rooms.Count; room++)
                {
                    Listen(await client.SubscribeAsync(_rooms[room].Subject, cancellationToken: _ending.Token).ConfigureAwait(false), room, closed);
                }

                if (_answers is not null)
                {
                    Answer(await client.SubscribeAsync(_answers, new SubscribeOptions { QueueGroup = "callees" }, _ending.Token).ConfigureAwait(false), closed);
                }

                Arrive(client, isFirst);
                await closed.Task.WaitAsync(_ending.Token).ConfigureAwait(false);
            }
            catch (BusException)
            {
                // Lost while it subscribed; it comes again.
            }
            finally
            {
                Leave();
            }
        }

        return true;
    }

    private BusClientOptions Options(int round, TaskCompletionSource closed) => Options(_context.Homes.Director(_region, _name), round, closed);

    private BusClientOptions Options(FollowOptions? director, int round, TaskCompletionSource closed) => new()
    {
        Director = director,
        Servers = _context.Homes.Addresses(_region, round, _context.Random()),
        Name = _name,
        Echo = false,
        Random = _context.Random(),
        Reconnect = Reconnecting with { AttemptsMax = director is null ? _context.Settings.AttemptsPerRegion : null },
        OnEvent = happened =>
        {
            switch (happened)
            {
                case ClientEvent.Disconnected:
                    Leave();
                    break;
                case ClientEvent.Reconnected when Volatile.Read(ref _client) is { } client:
                    Arrive(client, isFirst: false);
                    break;
                case ClientEvent.SlowConsumer when Volatile.Read(ref _client) is { } client:
                    // This process was too slow and has dropped messages itself: nobody owes them.
                    Leave();
                    Arrive(client, isFirst: true);
                    break;
                case ClientEvent.Closed:
                    closed.TrySetResult();
                    break;
            }
        },
    };

    private void Leave()
    {
        lock (_gate)
        {
            _presence?.End();
            Volatile.Write(ref _presence, null);
            Volatile.Write(ref _settled, false);
        }
    }

    private void Arrive(BusClient client, bool isFirst)
    {
        Presence presence = new(this, _context.Homes.RegionOf(client.Server), _rooms, _tally, _context.NextStream);
        lock (_gate)
        {
            // The connection may have broken and stood again while this one was still being set up.
            if (_presence is not null || client.State != ConnectionState.Connected)
            {
                return;
            }

            presence.Begin();
            Volatile.Write(ref _presence, presence);
        }

        _reconnects += isFirst ? 0 : 1;
        _ = SettleAsync(client, presence);
    }

    private async Task SettleAsync(BusClient client, Presence presence)
    {
        try
        {
            await client.FlushAsync(_ending.Token).ConfigureAwait(false);

            // In parts: while all of the machine stands still no node gets to know of anything, and at most one of them passes.
            for (int part = 0; part < SettleParts; part++)
            {
                await Task.Delay(_context.Settings.SettleAfter / SettleParts, _ending.Token).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is BusException or ObjectDisposedException or OperationCanceledException)
        {
            return;
        }

        lock (_gate)
        {
            if (_presence == presence)
            {
                presence.Settle();
                Volatile.Write(ref _settled, true);
            }
        }
    }

    private void Listen(Subscription subscription, int room, TaskCompletionSource closed) => _ = ReadAsync(
        subscription,
        message =>
        {
            if (Numbering.TryRead(message.Data.Span, out int stream, out long number))
            {
                Volatile.Read(ref _presence)?.Receive(room, stream, number);
            }

            return ValueTask.CompletedTask;
        },
        closed);

    private void Answer(Subscription subscription, TaskCompletionSource closed) => _ = ReadAsync(
        subscription, message => message.ReplyTo is null ? ValueTask.CompletedTask : message.ReplyAsync(message.Data), closed);

    private async Task ReadAsync(Subscription subscription, Func<Message, ValueTask> take, TaskCompletionSource closed)
    {
        try
        {
            await foreach (Message message in ((IAsyncEnumerable<Message>)subscription).ConfigureAwait(false))
            {
                await take(message).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is BusException or ObjectDisposedException)
        {
            // The client is closed, or its node refuses the subscription: then nothing is owed to it, and it comes again.
            Leave();
            closed.TrySetResult();
        }
    }
}
