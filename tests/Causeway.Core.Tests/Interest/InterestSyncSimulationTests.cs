using Causeway.Core.Interest;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Interest;

/// <summary>Any mixture of changes, cuts, stalls, lost answers, evictions and restarts ends with both ends the same.</summary>
public sealed class InterestSyncSimulationTests
{
    private enum Event
    {
        Add,
        Remove,
        Flap,
        Texts,
        Send,
        Deliver,
        Answer,
        Cut,
        Connect,
        Settle,
        Recreate,
        Restart,
        Forget,
        Clear,
    }

    private static readonly Gen<Event> Kind = Gen.Frequency(
        (20, Gen.OneOf(Event.Add, Event.Remove, Event.Flap, Event.Texts)),
        (40, Gen.OneOf(Event.Send, Event.Deliver, Event.Answer)),
        (14, Gen.OneOf(Event.Cut, Event.Connect)),
        (3, Gen.OneOf(Event.Settle, Event.Recreate)),
        (2, Gen.OneOf(Event.Restart, Event.Forget, Event.Clear)));

    private static readonly Gen<(Event Kind, int Number)[]> Story = Gen.Select(Kind, Gen.Int[0, 20_000]).Array[10, 200];

    [Fact]
    public void Both_ends_are_the_same_at_rest() =>
        Gen.Select(Story, Gen.OneOf(0, 50, 5000, 40_000), Gen.Bool).Sample((story, entries, compresses) =>
        {
            InterestTable source = NewSource(1, entries);
            SyncPair pair = new(source, compressor: compresses ? new DeflateCompressor() : null);
            ulong epoch = 1;
            foreach ((Event kind, int number) in story)
            {
                Apply(pair, kind, number, ref epoch);
            }

            pair.Settle();
            pair.AssertSame();
            pair.AssertNothingLeft();
        }, iter: 150);

    private static void Apply(SyncPair pair, Event kind, int number, ref ulong epoch)
    {
        switch (kind)
        {
            case Event.Add or Event.Remove:
                for (int i = 0; i < number % 300; i++)
                {
                    pair.Source.SetLiteral(TestInterest.Literal((number + (i * 37)) % 60_000), kind == Event.Add);
                }

                break;
            case Event.Flap:
                for (int i = 0; i < 500; i++)
                {
                    pair.Source.SetLiteral(TestInterest.Literal(number + (i % 50)), i / 50 % 2 == 0);
                }

                break;
            case Event.Texts:
                for (int i = 0; i < number % 100; i++)
                {
                    pair.Source.SetText(TestInterest.Text((number + i) % 1500), number % 3 > 0);
                }

                break;
            case Event.Send:
                pair.Send(number % 10);
                break;
            case Event.Deliver:
                pair.Deliver(number % 10);
                break;
            case Event.Answer:
                pair.Answer();
                break;
            case Event.Cut:
                pair.Cut(pair.BytesWaiting * number / 20_000);
                break;
            case Event.Connect:
                pair.Connect();
                break;
            case Event.Settle:
                pair.Settle();
                pair.AssertSame();
                break;
            case Event.Recreate:
                pair.Restart(pair.Source);
                break;
            case Event.Restart:
                pair.Restart(NewSource(++epoch, number * 2));
                break;
            default:
                pair.ForgetReceiver(kind == Event.Clear);
                break;
        }
    }

    private static InterestTable NewSource(ulong epoch, int entries)
    {
        InterestTable source = TestInterest.NewTable(epoch: epoch, maxTombstones: 800);
        for (int i = 0; i < entries; i++)
        {
            source.SetLiteral(TestInterest.Literal(i), true);
            if (i % 30 == 0)
            {
                source.SetText(TestInterest.Text(i / 30), true);
            }
        }

        return source;
    }
}
