using System.Net;
using Causeway.Bus.Tests.Support;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Calls a service again and again, one call at a time: as applications do, again after a timeout, and what three attempts leave unanswered is lost.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan CallTimeout = Eventually.Deadline / 5;

    // How long to wait for an answer is for the calls to say.
    private static readonly ClientSettings Settings = ClientSettings.Default with { NoResponders = true, Patience = Timeout.InfiniteTimeSpan };

    private readonly CancellationTokenSource _ended = new();
    private readonly Task _working;
    private TestClient? _next;
    private TestClient _client;
    private long _answered;
    private long _lost;
    private long _repeated;
    private Task<Frame>? _reading;

    private Caller(TestClient client)
    {
        _client = client;
        _working = Task.Run(WorkAsync);
    }

    public long Answered => Volatile.Read(ref _answered);

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Calls made again because no answer came in time.</summary>
    public long Repeated => Volatile.Read(ref _repeated);

    public static async Task<Caller> StartAsync(IPEndPoint server) => new(await TestClient.ConnectAsync(server, Settings));

    /// <summary>Goes on by a new connection once the call under way is answered, and closes the old one.</summary>
    public async Task MoveAsync(IPEndPoint server)
    {
        TestClient next = await TestClient.ConnectAsync(server, Settings);
        await next.FlushAsync();
        Volatile.Write(ref _next, next);
        await Eventually.TrueAsync(() => Volatile.Read(ref _next) is null);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _working.InTimeAsync();
        _client.Dispose();
    }

    private async Task WorkAsync()
    {
        for (int number = 0; !_ended.IsCancellationRequested; number++)
        {
            if (Interlocked.Exchange(ref _next, null) is { } next)
            {
                _client.Dispose();
                _client = next;
            }

            if (await AskAsync(number))
            {
                Volatile.Write(ref _answered, _answered + 1);
            }
            else
            {
                Volatile.Write(ref _lost, _lost + 1);
            }
        }
    }

    private async Task<bool> AskAsync(int number)
    {
        string inbox = $"_INBOX.{Guid.NewGuid():N}";
        await _client.SendAsync($"SUB {inbox} {number}\r\nUNSUB {number} 1\r\n");
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Volatile.Write(ref _repeated, _repeated + (attempt > 0 ? 1 : 0));
            await _client.SendAsync($"PUB service.add {inbox} 3\r\nask\r\n");
            while (await NextAsync() is { } frame)
            {
                if (frame.Kind == FrameKind.Message && frame.Subject == inbox)
                {
                    return frame.PayloadText == "ask done";
                }
            }
        }

        return false;
    }

    /// <summary>The next frame; null if none comes in time. The one that is being read is not lost by that.</summary>
    private async Task<Frame?> NextAsync()
    {
        _reading ??= _client.NextAsync();
        try
        {
            Frame frame = await _reading.WaitAsync(CallTimeout);
            _reading = null;
            return frame;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
