using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Causeway.Cli.Bench;

/// <summary>
/// A client with a fixed number of slots for requests in flight. Each slot has its reply subject, and with it one frame that is
/// encoded once.
/// </summary>
internal sealed class Requester : Conversation
{
    private readonly RequestSchedule _schedule;
    private readonly byte[][] _frames;
    private readonly long[] _startedAt;
    private readonly Stack<int> _free;
    private readonly int _size;
    private int _slot;
    private long _received;

    public Requester(RawConnection connection, ReadLoop loop, RequestSchedule schedule, string subject, string inbox, int slots, byte[] payload)
        : base(connection, loop)
    {
        _schedule = schedule;
        _size = payload.Length;
        _frames = new byte[slots][];
        _startedAt = new long[slots];
        _free = new Stack<int>(slots);
        for (int slot = slots - 1; slot >= 0; slot--)
        {
            byte[] head = Encoding.ASCII.GetBytes($"PUB {subject} {inbox}.{slot} {payload.Length}\r\n");
            _frames[slot] = [.. head, .. payload, (byte)'\r', (byte)'\n'];
            _startedAt[slot] = -1;
            _free.Push(slot);
        }
    }

    public bool HasFreeSlot => _free.Count > 0;

    /// <summary>Puts one request into the output. <paramref name="startedAt"/> is what its latency counts from.</summary>
    public void Issue(long startedAt)
    {
        int slot = _free.Pop();
        _startedAt[slot] = startedAt;
        Output.Append(_frames[slot]);
    }

    public override void OnMessage(ReadOnlySpan<byte> line)
    {
        if (line[0] == (byte)'H')
        {
            OnError("the server says that nobody answers requests (no responders)");
            return;
        }

        ReadOnlySpan<byte> subject = MessageLine.Parse(line).Subject;
        ReadOnlySpan<byte> digits = subject[(subject.LastIndexOf((byte)'.') + 1)..];
        _received = 0;
        bool known = Utf8Parser.TryParse(digits, out _slot, out int used) && used == digits.Length && (uint)_slot < (uint)_frames.Length;
        if (!known || _startedAt[_slot] < 0)
        {
            _slot = -1;
            OnError($"a reply to no request: {Encoding.Latin1.GetString(subject)}");
        }
    }

    public override void OnPayload(ReadOnlySpan<byte> part) => _received += part.Length;

    public override void OnMessageEnd()
    {
        if (Failure is not null)
        {
            return;
        }

        if (_received != _size)
        {
            OnError($"a reply has {_received} bytes instead of {_size}");
            return;
        }

        _schedule.Complete(ReadTimestamp - _startedAt[_slot], ReadTimestamp);
        _startedAt[_slot] = -1;
        _free.Push(_slot);
        if (_schedule.TryTake(Stopwatch.GetTimestamp(), out long startedAt))
        {
            Issue(startedAt);
        }
    }
}
