using System.Globalization;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>
/// A flood of subscriptions must not take more memory than it is booked with, or the budget would not see it. Looks at the whole
/// heap, so it runs when nothing else does.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SubscriptionMemoryTests
{
    private const int Count = 10_000;

    public static TheoryData<string, string> Floods => new()
    {
        { "room.{0}.participant.audio", "" },
        { "room.{0}.participant.audio", "workers" },
        { "room.{0}", "a.queue.group.{0}" },
        { "room.{0}", "{1}{0}" },
        { "{0}.>", "" },
        { "{0}.*", "" },
        { "*.{0}", "" },
        { "room.{0}.*", "" },
        { "_INBOX.abcdefghijklmnopqrstuv{0}.*", "" },
        { "a.{0}.b.c.*", "" },
        { "{0}.b.c.d.e.f.g.>", "" },
        { "*.*.{0}.*.b.*.*.>", "" },
        { "{0}.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.*", "" },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void A_flood_is_booked_with_at_least_what_it_takes(string subjects, string queues)
    {
        string text = new('q', 1000);
        byte[][] subject = [.. Enumerable.Range(0, Count).Select(i => Wire.Bytes(string.Format(CultureInfo.InvariantCulture, subjects, i)))];
        byte[][] queue = [.. Enumerable.Range(0, Count).Select(i => Wire.Bytes(string.Format(CultureInfo.InvariantCulture, queues, i, text)))];
        SubscriptionIndex index = new(new ByteHash(1));
        SubscriptionTable<BySid> bySid = new(index.Hash);
        Subscription[] all = new Subscription[Count];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long booked = 0;
        for (int i = 0; i < Count; i++)
        {
            Assert.True(Subject.Check(subject[i], out bool isPattern));
            QueueGroupName? group = queue[i].Length > 0 ? index.InternQueue(queue[i]) : null;
            byte[] sid = Wire.Bytes(i.ToString(CultureInfo.InvariantCulture));
            all[i] = new Subscription(null!, subject[i], sid, group, isPattern);
            index.Add(all[i]);
            bySid.Put(all[i]);
            booked += all[i].MemoryBytes;
        }

        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive((subject, queue, index, bySid, all));

        // A twentieth for how full tables and dictionaries happen to be.
        Assert.True(booked >= taken * 0.95, $"{taken / Count} bytes each were taken, {booked / Count} booked");
    }
}
