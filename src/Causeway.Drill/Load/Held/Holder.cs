using System.Globalization;
using System.Text;
using Causeway.Drill.Load.Clients;

namespace Causeway.Drill.Load.Held;

/// <summary>
/// One connection that holds many literal subscriptions of about 60 characters, as a media node does for its participants. The oldest
/// go first. When its connection breaks it comes again with all of them.
/// </summary>
internal sealed class Holder : IAsyncDisposable
{
    private readonly LoadContext _context;
    private readonly string _region;
    private readonly string _name;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly Task _running;
    private long _oldest;
    private long _beyond;
    private long _toldOldest;
    private long _toldBeyond;
    private long _refused;

    public Holder(LoadContext context, string region, string name)
    {
        _context = context;
        _region = region;
        _name = name;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Subscriptions that it wants to hold.</summary>
    public int Wanted
    {
        get
        {
            lock (_gate)
            {
                return (int)(_beyond - _oldest);
            }
        }
    }

    /// <summary>Subscriptions that its node has been told of over the connection that stands.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
            {
                return (int)(_toldBeyond - _toldOldest);
            }
        }
    }

    /// <summary>Errors that its node answered with: subscriptions that it refuses.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Gives up <paramref name="fewer"/> of the oldest and takes <paramref name="more"/> new ones.</summary>
    public void Change(int fewer, int more)
    {
        lock (_gate)
        {
            _oldest += Math.Min(fewer, _beyond - _oldest);
            _beyond += more;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    /// <summary>The subject of a subscription, 60 characters or a few more.</summary>
    internal static string Subject(string region, string holder, long number) => string.Create(
        CultureInfo.InvariantCulture, $"media.{region}.{holder}.room-{number / 8:x8}.participant-{number:x12}.calls");

    private async Task RunAsync()
    {
        Random random = _context.Random();
        for (int round = 0; !_ending.IsCancellationRequested; round++)
        {
            try
            {
                using RawClient client = await RawClient.ConnectAsync(_context.Homes.Addresses(_region, round / 3, random), _name, stuck: false, _ending.Token).ConfigureAwait(false);
                round = -1;
                await ServeAsync(client).ConfigureAwait(false);
            }
            catch (IOException)
            {
                await Task.Delay(_context.RandomPause(), CancellationToken.None).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(RawClient client)
    {
        lock (_gate)
        {
            (_toldOldest, _toldBeyond) = (_oldest, _oldest);
        }

        using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        Task reading = ReadAsync(client, lost);
        try
        {
            using PeriodicTimer timer = new(LoadLimits.Beat);
            while (await timer.WaitForNextTickAsync(lost.Token).ConfigureAwait(false))
            {
                if (NextPiece() is { Length: > 0 } piece)
                {
                    await client.SendAsync(Encoding.ASCII.GetBytes(piece), lost.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
        {
            throw new IOException("the connection was lost");
        }
        finally
        {
            await lost.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            lock (_gate)
            {
                (_toldOldest, _toldBeyond) = (_oldest, _oldest);
            }
        }
    }

    /// <summary>What the node is to be told next, a bounded piece of it; empty if it knows all.</summary>
    private string NextPiece()
    {
        StringBuilder piece = new();
        lock (_gate)
        {
            int room = LoadLimits.MaxHeldChangesPerBeat;
            for (; _toldOldest < Math.Min(_oldest, _toldBeyond) && room > 0; _toldOldest++, room--)
            {
                piece.Append(CultureInfo.InvariantCulture, $"UNSUB {_toldOldest + 1}\r\n");
            }

            // What came and went before it could be told need not be told.
            (_toldOldest, _toldBeyond) = _toldOldest == _toldBeyond ? (_oldest, _oldest) : (_toldOldest, _toldBeyond);
            for (; _toldBeyond < _beyond && room > 0; _toldBeyond++, room--)
            {
                piece.Append(CultureInfo.InvariantCulture, $"SUB {Subject(_region, _name, _toldBeyond)} {_toldBeyond + 1}\r\n");
            }
        }

        return piece.ToString();
    }

    private async Task ReadAsync(RawClient client, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                string line = await client.ReadLineAsync(lost.Token).ConfigureAwait(false);
                if (line == "PING")
                {
                    await client.SendAsync("PONG\r\n"u8.ToArray(), lost.Token).ConfigureAwait(false);
                }
                else if (line.StartsWith("-ERR", StringComparison.Ordinal))
                {
                    _refused++;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            await lost.CancelAsync().ConfigureAwait(false);
        }
    }
}
