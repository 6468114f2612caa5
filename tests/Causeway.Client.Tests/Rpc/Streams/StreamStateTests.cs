using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Streams;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Tests.Rpc.Wire;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Rpc.Streams;

/// <summary>Two sides of a stream and a way between that keeps order, and loses or doubles frames where the test says.</summary>
public sealed class StreamStateTests
{
    private static readonly RpcLimits Limits = new() { StreamWindowMessages = 8, StreamWindowBytes = 400 };

    /// <summary>
    /// Whatever is written and read when: values arrive in order and once; what waits never exceeds the window; nothing gets stuck; and
    /// where a frame was lost, the stream fails instead of going on with a hole.
    /// </summary>
    [Fact]
    public void Values_arrive_in_order_within_the_window_or_the_stream_fails() =>
        Gen.Select(Gen.Int[0, 300].Array[1, 60], Gen.Int[0, 1000].Array[10, 400], Gen.Bool).Sample((sizes, chances, lossy) =>
        {
            Pair pair = new(Limits);
            int written = 0;
            List<int> read = [];
            int turn = 0;
            for (int step = 0; step < 5000 && !pair.Finished(read.Count, sizes.Length); step++)
            {
                // In every fourth step all goes on as it should, whatever the chances are.
                int chance = step % 4 == 3 ? step / 4 % 4 : chances[turn++ % chances.Length];
                switch (chance % 4)
                {
                    case 0 when written < sizes.Length:
                        written += pair.TryWrite(sizes[written], written) ? 1 : 0;
                        break;
                    case 1 when pair.Down.TryRead(out byte[]? value):
                        read.Add(value.Length == 0 ? -1 : value[0]);
                        break;
                    case 2:
                        pair.Carry(lossy && chance > 980, doubled: chance is > 900 and < 960);
                        break;
                    default:
                        pair.Now += 100;
                        pair.Control(written == sizes.Length);
                        break;
                }

                Assert.True(pair.Down.ArrivedMessages <= Limits.StreamWindowMessages);
                Assert.True(pair.Down.ArrivedBytes < Limits.StreamWindowBytes + 300);
            }

            int[] expected = [.. sizes.Select((size, i) => size == 0 ? -1 : i)];
            Assert.Equal(expected[..read.Count], read);
            Assert.True(pair.Finished(read.Count, sizes.Length));
            if (!pair.Lost)
            {
                Assert.Equal(sizes.Length, read.Count);
                Assert.Null(pair.Down.Failure);
            }
            else if (pair.Down.Failure is not null)
            {
                Assert.Contains(pair.Down.Failure.Code, new[] { RpcCode.DataLoss, RpcCode.Gone, RpcCode.Idle });
            }
        }, iter: 300);

    [Fact]
    public void A_side_that_sends_more_than_allowed_is_caught()
    {
        StreamState state = new(Limits, 0);
        for (int i = 1; i <= 9; i++)
        {
            state.OnFrame(new RpcHeader(RpcKind.Data) { Sequence = i }, [1], 0);
        }

        Assert.Equal(RpcCode.FlowControl, state.Failure!.Code);
        Assert.Equal(8, state.ArrivedMessages);
        StreamState large = new(Limits, 0);
        large.OnFrame(new RpcHeader(RpcKind.Data) { Sequence = 1 }, new byte[1000], 0);
        Assert.Null(large.Failure);
        large.OnFrame(new RpcHeader(RpcKind.Data) { Sequence = 2 }, [1], 0);
        Assert.Equal(RpcCode.FlowControl, large.Failure!.Code);
    }

    [Fact]
    public void Silence_idleness_and_the_last_frames_loss_are_noticed()
    {
        StreamState silent = new(Limits, 0);
        silent.Tick(14_999);
        Assert.Null(silent.Failure);
        silent.Tick(15_000);
        Assert.Equal(RpcCode.Gone, silent.Failure!.Code);
        Assert.False(silent.IsOver);
        Assert.True(silent.TryNextControl(15_000, out RpcHeader abort));
        Assert.Equal(RpcKind.Abort, abort.Kind);
        silent.Sent(abort, 0, 15_000);
        Assert.True(silent.IsOver);

        StreamState idle = new(Limits, 0);
        for (int i = 1; i <= 60; i++)
        {
            idle.OnFrame(new RpcHeader(RpcKind.Ping) { Sequence = i }, [], i * 10_000L);
            idle.Tick(i * 10_000L);
        }

        Assert.Equal(RpcCode.Idle, idle.Failure!.Code);

        // The end was lost: the next ping has a number too many.
        StreamState tail = new(Limits, 0);
        tail.OnFrame(new RpcHeader(RpcKind.Data) { Sequence = 1 }, [1], 0);
        tail.OnFrame(new RpcHeader(RpcKind.Ping) { Sequence = 3 }, [], 0);
        Assert.Equal(RpcCode.DataLoss, tail.Failure!.Code);
    }

    private sealed class Pair
    {
        private readonly Queue<(RpcHeader Header, byte[] Payload)> _down = [];
        private readonly Queue<(RpcHeader Header, byte[] Payload)> _up = [];

        public Pair(RpcLimits limits)
        {
            Up = new StreamState(limits, 0);
            Down = new StreamState(limits, 0);
            Up.Begin(limits.StreamWindowMessages, limits.StreamWindowBytes);
            Down.Begin(limits.StreamWindowMessages, limits.StreamWindowBytes);
        }

        public StreamState Up { get; }

        public StreamState Down { get; }

        public long Now { get; set; }

        public bool Lost { get; private set; }

        public bool Finished(int read, int values) => Down.Failure is not null || Up.Failure is not null || (read == values && Down.RemoteEnded);

        public bool TryWrite(int size, int value)
        {
            if (Up.WriteProblem is not null || !Up.HasCredit)
            {
                return false;
            }

            byte[] payload = new byte[size];
            Array.Fill(payload, (byte)value);
            RpcHeader header = Up.NextData;
            _down.Enqueue((RecordedWire.Carried(header), payload));
            Up.Sent(header, size, Now);
            return true;
        }

        public void Control(bool end)
        {
            if (end)
            {
                Up.End();
            }

            Up.Tick(Now);
            Down.Tick(Now);
            Send(Up, _down);
            Send(Down, _up);
        }

        public void Carry(bool lose, bool doubled)
        {
            Deliver(_down, Down, lose, doubled);
            Deliver(_up, Up, lose, doubled);
        }

        private void Send(StreamState from, Queue<(RpcHeader, byte[])> way)
        {
            while (from.TryNextControl(Now, out RpcHeader header))
            {
                way.Enqueue((RecordedWire.Carried(header), []));
                from.Sent(header, 0, Now);
            }
        }

        private void Deliver(Queue<(RpcHeader Header, byte[] Payload)> way, StreamState to, bool lose, bool doubled)
        {
            if (way.TryDequeue(out (RpcHeader Header, byte[] Payload) frame))
            {
                Lost |= lose;
                for (int i = 0; !lose && i < (doubled ? 2 : 1); i++)
                {
                    to.OnFrame(frame.Header, frame.Payload, Now);
                }
            }
        }
    }
}
