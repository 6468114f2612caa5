using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Causeway.Director.Admission;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Director.Tests.Following;

/// <summary>
/// Two thousand clients lose their region at once. A real director and a real node of the other region, each a process; each client asks as
/// <c>Causeway.Client</c> does, connects where it is admitted, and waits as told.
/// </summary>
public sealed class CrowdTests : IDisposable
{
    private const int Crowd = 2000;
    private const int MaxConnections = 1500;
    private const int RatePerSecond = 250;
    private const int ConnectionsAtOnce = 64;

    /// <summary>For thousands of clients and two processes on a machine with much else to do.</summary>
    private static readonly TimeSpan Deadline = 4 * Eventually.Deadline;

    private readonly int _node = FreePorts.Take();
    private readonly int _director = FreePorts.Take();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = ConnectionsAtOnce }) { Timeout = Deadline };
    private readonly ConcurrentQueue<long> _admitted = [];
    private readonly ConcurrentQueue<int> _fullWaits = [];
    private readonly ConcurrentQueue<Socket> _connected = [];
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentDictionary<int, bool> _served = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        foreach (Socket socket in _connected)
        {
            socket.Dispose();
        }
    }

    [Fact]
    public async Task Thousands_who_are_redirected_at_once_come_at_the_rate_and_never_fill_the_region_past_its_headroom()
    {
        await using ChildProgram node = new("serve", "--listen", At(_node), "--http", "off", "--region", "west", "--name", "w1", "--link-listen", At(FreePorts.Take()), "--max-connections", Text(MaxConnections));
        await using ChildProgram director = new("director", "--listen", At(_director), "--server", $"nats://{At(_node)}", "--region-rate", Text(RatePerSecond), "--max-requests", "1000000");
        await ReadyAsync(node, director);
        int room = (int)(MaxConnections * (1 - AdmissionLimits.ReserveShare));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task[] crowd = [.. Enumerable.Range(0, Crowd).Select(number => FollowAsync(number, end.Token))];
        try
        {
            // All are in, or have been told that there is no room. At first those who have just come count twice, as granted and as reported.
            await Eventually.TrueAsync(() => !_faults.IsEmpty || (_served.Count == Crowd && _admitted.Count >= room / 2), Deadline);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(crowd);
        }

        Assert.Empty(_faults);
        TestContext.Current.TestOutputHelper!.WriteLine($"{_admitted.Count} admitted of room for {room}, {_fullWaits.Count} waits for want of room");
        Assert.InRange(_admitted.Count, room / 2, MaxConnections);
        Assert.Equal(_admitted.Count, _connected.Count);
        Assert.NotEmpty(_fullWaits);
        Assert.All(_fullWaits, wait => Assert.InRange(wait, AdmissionLimits.FullWait.TotalMilliseconds, AdmissionLimits.FullWait.TotalMilliseconds * (1 + AdmissionLimits.JitterShare)));
        Assert.True(_fullWaits.Distinct().Count() > _fullWaits.Count / 4, "waits have no jitter");

        // A burst of a second's worth, and then never faster than the rate; slower a busy machine may be.
        long[] times = [.. _admitted.Order()];
        double seconds = Stopwatch.GetElapsedTime(times[0], times[^1]).TotalSeconds;
        Assert.InRange(seconds, 0.8 * (times.Length - RatePerSecond) / RatePerSecond, 1000);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string At(int port) => $"127.0.0.1:{Text(port)}";

    /// <summary>Waits for a director that has a region to give; peeks take no place.</summary>
    private async Task ReadyAsync(ChildProgram node, ChildProgram director)
    {
        await Eventually.TrueAsync(() => node.HasEnded || director.HasEnded || HasRoom(), Deadline);
        Assert.False(node.HasEnded || director.HasEnded, $"not ready: {node.Output}\n{director.Output}");
    }

    private bool HasRoom()
    {
        try
        {
            using HttpRequestMessage peek = new(HttpMethod.Get, $"http://{At(_director)}/regions?client=probe&peek=true");
            using HttpResponseMessage response = _http.Send(peek, Cancelled);
            using JsonDocument answer = JsonDocument.Parse(response.Content.ReadAsStream(Cancelled));
            return answer.RootElement.GetProperty("decision").GetString() == "none" && answer.RootElement.GetProperty("regions").EnumerateArray().Any(region => region.GetProperty("room").GetInt32() > 0);
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    private async Task FollowAsync(int number, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                (string decision, int retryMs, string reason) = await AskAsync(number, cancel);
                if (decision == "connect")
                {
                    _admitted.Enqueue(Stopwatch.GetTimestamp());
                    await ConnectAsync(number).WaitAsync(Deadline, Cancelled);
                    _served[number] = true;
                    return;
                }

                if (decision != "wait" || retryMs < 1)
                {
                    _faults.Enqueue($"client {number} is told {decision} {retryMs} {reason}");
                    return;
                }

                if (reason == "no region has room")
                {
                    _fullWaits.Enqueue(retryMs);
                    _served[number] = false;
                }

                using PeriodicTimer wait = new(TimeSpan.FromMilliseconds(retryMs));
                await wait.WaitForNextTickAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or IOException or TimeoutException)
        {
            _faults.Enqueue($"client {number}: {fault.Message}");
        }
    }

    private async Task<(string Decision, int RetryMs, string Reason)> AskAsync(int number, CancellationToken cancel)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"http://{At(_director)}/regions?client=c{Text(number)}&rtt.west=70"), cancel);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));
        JsonElement root = answer.RootElement;
        string decision = root.GetProperty("decision").GetString()!;
        if ((decision == "wait") != (response.StatusCode == HttpStatusCode.ServiceUnavailable))
        {
            _faults.Enqueue($"{decision} came with {response.StatusCode}");
        }

        return (decision, root.GetProperty("retry_after_ms").GetInt32(), root.GetProperty("reason").GetString()!);
    }

    /// <summary>Connects as a client does, also if the end has come meanwhile; a node that is full says so.</summary>
    private async Task ConnectAsync(int number)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _node, Cancelled);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"name\":\"c{Text(number)}\"}}\r\nPING\r\n"), Cancelled);
        StringBuilder said = new();
        byte[] buffer = new byte[4096];
        while (!said.ToString().Contains("PONG\r\n", StringComparison.Ordinal))
        {
            int read = await socket.ReceiveAsync(buffer, Cancelled);
            said.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (read == 0 || said.ToString().Contains("-ERR", StringComparison.Ordinal))
            {
                _faults.Enqueue($"client {number} is refused: {said}");
                socket.Dispose();
                return;
            }
        }

        _connected.Enqueue(socket);
    }
}
