using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Causeway.Bus.Tests.Support;

/// <summary>
/// Two clients that go on exchanging numbered messages while something bad happens to others, and must feel nothing: every message
/// comes, once and in order, without a pause longer than <see cref="LongestPause"/>. They have a thread of their own, so that a busy
/// thread pool of the test is not taken for a busy node, and their pauses are measured by a <see cref="Metronome"/>.
/// </summary>
internal sealed class ControlPair : IDisposable
{
    /// <summary>Far more than a node needs, and than a test machine with other work on it makes of that.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private const int IntervalMilliseconds = 1;
    private static int _lastNumber;

    private readonly int _number = Interlocked.Increment(ref _lastNumber);
    private readonly Metronome _clock = new();
    private readonly Peer _one;
    private readonly Peer _other;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private Exception? _fault;

    private ControlPair(IPEndPoint address)
    {
        _one = new Peer(address, $"control.{_number}.one", $"control.{_number}.other");
        _other = new Peer(address, $"control.{_number}.other", $"control.{_number}.one");
        _thread = new Thread(Run) { IsBackground = true, Name = $"control pair {_number}" };
        _thread.Start();
    }

    public long Rounds { get; private set; }

    public TimeSpan LongestRound { get; private set; }

    public static ControlPair Start(TestNode node) => new(node.Address);

    public static ControlPair Start(IPEndPoint address) => new(address);

    /// <summary>Waits until <paramref name="rounds"/> more rounds are through.</summary>
    public Task GoOnAsync(long rounds)
    {
        long due = Rounds + rounds;
        return Eventually.TrueAsync(() => Rounds >= due || _fault is not null);
    }

    /// <summary>Lets the pair do a few more rounds, ends it, and asserts that it felt nothing.</summary>
    public async Task EndAsync()
    {
        await GoOnAsync(3);
        Dispose();
        Assert.True(_fault is null, $"the control pair was hurt after {Rounds} rounds: {_fault}");
        Assert.True(LongestRound < LongestPause, $"the control pair had to wait for {LongestRound.TotalMilliseconds:0} ms");
        TestContext.Current.TestOutputHelper?.WriteLine($"control pair: {Rounds} rounds, the longest {LongestRound.TotalMilliseconds:0.0} ms");
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _clock.Dispose();
        _one.Dispose();
        _other.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                TimeSpan began = _clock.Now;
                _one.Publish(Rounds);
                _other.Expect(Rounds);
                _other.Publish(Rounds);
                _one.Expect(Rounds);
                TimeSpan took = _clock.Now - began;
                LongestRound = took > LongestRound ? took : LongestRound;
                Rounds++;
                Thread.Sleep(IntervalMilliseconds);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or InvalidDataException)
        {
            _fault = fault;
        }
    }

    private sealed class Peer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly FrameBuffer _received = new();
        private readonly string _subject;
        private readonly string _to;

        public Peer(IPEndPoint address, string subject, string to)
        {
            (_subject, _to) = (subject, to);
            _socket.ReceiveTimeout = (int)Eventually.Deadline.TotalMilliseconds;
            _socket.SendTimeout = _socket.ReceiveTimeout;
            _socket.Connect(address);
            Send(ClientSettings.Default.ConnectLine + $"SUB {_subject} 1\r\nPING\r\n");
            while (Next() is not { Kind: FrameKind.Pong })
            {
            }
        }

        public void Publish(long number) =>
            Send($"PUB {_to} 8\r\n{number.ToString("00000000", CultureInfo.InvariantCulture)}\r\n");

        public void Expect(long number)
        {
            while (true)
            {
                Frame frame = Next();
                if (frame.Kind == FrameKind.Ping)
                {
                    Send("PONG\r\n");
                    continue;
                }

                if (frame.Kind == FrameKind.Info)
                {
                    continue;
                }

                bool right = frame.Kind == FrameKind.Message && frame.Subject == _subject && long.Parse(frame.PayloadText, CultureInfo.InvariantCulture) == number;
                if (!right)
                {
                    throw new InvalidDataException($"message {number} was due, it was: {frame.Text} {frame.PayloadText}");
                }

                return;
            }
        }

        public void Dispose() => _socket.Dispose();

        private void Send(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += _socket.Send(bytes.AsSpan(sent));
            }
        }

        private Frame Next()
        {
            while (true)
            {
                if (_received.Next(out int missing) is { } frame)
                {
                    return frame;
                }

                int count = _socket.Receive(_received.Room(missing).Span);
                if (count == 0)
                {
                    throw new IOException("the connection ended");
                }

                _received.Received(count);
            }
        }
    }
}
