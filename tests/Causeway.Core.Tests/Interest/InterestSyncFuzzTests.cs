using Causeway.Core.Interest;
using Causeway.Core.Memory;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Interest;

/// <summary>Whatever the other end sends is applied or refused, in fixed memory, and never thrown over.</summary>
public sealed class InterestSyncFuzzTests
{
    private static readonly byte[][] RealFrames = Record(out RealReplies);
    private static readonly byte[][] RealReplies;

    [Fact]
    public void A_receiver_survives_any_frames() => Gen.Byte.Array[0, 200].Array[1, 20].Sample(frames => Receive(frames));

    [Fact]
    public void A_receiver_survives_real_frames_that_were_changed() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte, Gen.Int[0, 1_000_000]).Array[1, 6].Sample(changes =>
        {
            byte[][] frames = [.. RealFrames.Select(frame => frame.ToArray())];
            foreach ((int frame, byte value, int at) in changes)
            {
                // Mostly in the head, where the fields are.
                byte[] target = frames[frame % frames.Length];
                target[(at % 3 == 0 ? at : at % 40) % target.Length] = value;
            }

            Receive(frames);
        }, iter: 300);

    [Fact]
    public void A_sender_survives_any_states_and_replies() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 20].Array[0, 20], Gen.Int[0, 1_000_000], Gen.Byte).Sample((state, replies, at, value) =>
        {
            InterestTable source = Source(2000);
            MemoryAccount account = TestInterest.NewAccount();
            byte[] buffer = new byte[InterestWire.MaxBlockBytes];
            using (InterestSender sender = new(source, account))
            {
                if (state is [_, _, ..])
                {
                    state[0] = InterestWire.Version;
                }

                sender.OnState(state);
                byte[][] real = [.. RealReplies.Select(reply => reply.ToArray())];
                real[at % real.Length][at % real[at % real.Length].Length] = value;
                foreach (byte[] reply in replies.Concat(real))
                {
                    sender.OnReply(reply);
                    Assert.InRange(sender.TryWrite(buffer), 0, InterestWire.MaxBlockBytes);
                    Assert.InRange(account.Bytes, 1, 400_000);
                }
            }

            Assert.Equal(0, account.Bytes);
        }, iter: 300);

    private static void Receive(byte[][] frames)
    {
        MemoryAccount account = TestInterest.NewAccount();
        byte[] buffer = new byte[InterestWire.MaxBlockBytes];
        InterestTable target = Source(1500);
        using (InterestReceiver receiver = new(target, account, maxEntries: 20_000))
        {
            receiver.WriteState(buffer);
            foreach (byte[] frame in frames)
            {
                if (receiver.OnFrame(frame) is { } fault)
                {
                    Assert.InRange(fault.Length, 1, 300);
                    receiver.OnTruncated(frame.AsSpan(frame.Length / 2));
                    receiver.WriteState(buffer);
                }

                while (receiver.TryWriteReply(buffer) > 0)
                {
                }

                Assert.InRange(account.Bytes, 1, 400_000);
            }
        }

        Assert.Equal(0, account.Bytes);
    }

    private static InterestTable Source(int entries)
    {
        InterestTable table = TestInterest.NewTable();
        for (int i = 0; i < entries; i++)
        {
            table.AddLiteral(TestInterest.Literal(i));
            if (i % 10 == 0)
            {
                table.AddText(TestInterest.Text(i));
            }
        }

        return table;
    }

    /// <summary>All frames and replies of a first contact, a change, and a reconciliation with a receiver like that of the tests.</summary>
    private static byte[][] Record(out byte[][] replies)
    {
        List<byte[]> frames = [];
        List<byte[]> answers = [];
        byte[] buffer = new byte[InterestWire.MaxBlockBytes];
        InterestTable source = Source(2000);
        foreach (InterestTable target in (InterestTable[])[Source(1500), TestInterest.NewTable()])
        {
            using InterestSender sender = new(source, TestInterest.NewAccount());
            using InterestReceiver receiver = new(target, TestInterest.NewAccount());
            sender.OnState(buffer.AsSpan(0, receiver.WriteState(buffer)));
            for (int turn = 0; turn < 40; turn++)
            {
                while (sender.TryWrite(buffer) is > 0 and int length)
                {
                    frames.Add(buffer[..length]);
                    receiver.OnFrame(buffer.AsSpan(0, length));
                }

                while (receiver.TryWriteReply(buffer) is > 0 and int length)
                {
                    answers.Add(buffer[..length]);
                    sender.OnReply(buffer.AsSpan(0, length));
                }

                source.SetLiteral(TestInterest.Literal(turn), turn % 2 > 0);
            }
        }

        replies = [.. answers];
        return [.. frames];
    }
}
