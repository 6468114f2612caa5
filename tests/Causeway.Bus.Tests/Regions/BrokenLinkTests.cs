using Causeway.Bus.Tests.Support;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Shaper;
using Xunit;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Links that are slow, stall, are cut, or go silent: what is told goes on where it stopped, and nothing else notices.</summary>
public sealed class BrokenLinkTests
{
    private const int Literals = 20_000;
    private const int ListBytes = 70_000;

    private static readonly LinkLimits Quick = new()
    {
        WanHeartbeat = TimeSpan.FromMilliseconds(200),
        WanStallTimeout = TimeSpan.FromSeconds(5),
        MaxRedialPause = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task A_first_sync_that_is_cut_goes_on_and_never_starts_over()
    {
        long whole = await FirstSyncAsync(cuts: 0);
        long cut = await FirstSyncAsync(cuts: 10);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} bytes with cuts, {whole} without");
        Assert.True(cut <= whole + (whole / 2), $"{cut} bytes with cuts, {whole} without");
    }

    [Fact]
    public async Task What_a_region_misses_that_no_link_leads_to_is_counted()
    {
        await using ShapedRegions regions = await ShapedRegions.StartAsync(Quick);
        TestClient literal = await regions.B.SubscriberAsync("lost.literal");
        TestClient pattern = await regions.B.SubscriberAsync("lost.*");
        await Layout.KnownAsync(regions.Deployment, "a0", "lost.literal", nodes: 0, regions: 1);
        await Layout.KnownAsync(regions.Deployment, "a0", "lost.other", nodes: 0, regions: 1);
        TestClient publisher = await regions.A.ConnectAsync();
        await publisher.PublishAsync("lost.literal", "there");
        Assert.Equal("there", (await literal.MessageAsync()).PayloadText);
        Assert.Equal("there", (await pattern.MessageAsync()).PayloadText);
        regions.Ways.ForEach(way => way.Refuse());
        regions.Ways.ForEach(way => way.Cut());
        await Layout.KnownAsync(regions.Deployment, "a0", "lost.literal", nodes: 0, regions: 0);

        RegionDirectory directory = regions.A.Bus.Mesh!.Context.Directory;
        long before = directory.Unreached;
        for (int i = 0; i < 10; i++)
        {
            await publisher.PublishAsync(i % 2 == 0 ? "lost.literal" : "lost.other", "nobody");
            await publisher.PublishAsync("elsewhere", "nobody");
        }

        await publisher.FlushAsync();
        Assert.Equal(10, directory.Unreached - before);
        Assert.Contains("causeway_link_unreached_messages_total", await regions.Deployment.TextAsync("a0", "/metrics"), StringComparison.Ordinal);
        await regions.EndAsync();
    }

    [Fact]
    public async Task A_stalled_link_holds_what_it_held_whatever_changes()
    {
        await using ShapedRegions regions = await ShapedRegions.StartAsync(Quick with { WanStallTimeout = TimeSpan.FromMinutes(5), MaxStallTimeout = TimeSpan.FromMinutes(5) });
        TestClient holder = await regions.B.ConnectAsync();
        await HoldAsync(holder);
        await regions.KnownAsync(Literals);
        await Eventually.TrueAsync(() => regions.Told() is { Sender.IsConverged: true });
        regions.Ways.ForEach(way => way.Stall());

        long control = ShapedRegions.ControlBytes(regions.B);
        long interest = 0;
        for (int round = 0; round < 20; round++)
        {
            await holder.SendAsync(string.Concat(Enumerable.Range(0, 1000).Select(number => $"SUB churn.{round}.{number} c{number}\r\nUNSUB c{number}\r\n")));
            await holder.FlushAsync();
            Assert.Equal(control, ShapedRegions.ControlBytes(regions.B));
            interest = interest == 0 ? regions.B.Bus.Mesh!.InterestBytes : interest;

            // Each leaf of the tables keeps the room that it once needed, a step or two more than the literals there.
            Assert.InRange(regions.B.Bus.Mesh!.InterestBytes, 0, interest + (interest / 8));
        }

        await holder.SendAsync("SUB after.all z\r\n");
        await holder.FlushAsync();
        regions.Ways.ForEach(way => way.Resume());
        await regions.KnownAsync(Literals + 1);
        Assert.InRange(regions.Told()!.Sender.Counters.FullRounds, 0, 1);
        await regions.EndAsync();
    }

    [Fact]
    public async Task Local_delivery_goes_on_while_a_link_stalls_and_bulk_is_dropped_before_requests()
    {
        const int size = 10_000;
        const int messages = 1500;
        await using ShapedRegions regions = await ShapedRegions.StartAsync(Quick with
        {
            WanStallTimeout = TimeSpan.FromMinutes(5),
            MaxStallTimeout = TimeSpan.FromMinutes(5),
            MaxPendingBytes = 1_000_000,
            MaxBulkPendingBytes = 500_000,
        });
        TestClient far = await regions.B.SubscriberAsync("both");
        TestClient requests = await regions.B.SubscriberAsync("requests");
        await regions.KnownAsync(2);
        TestClient near = await regions.A.SubscriberAsync("both");
        await near.FlushAsync();
        regions.Ways.ForEach(way => way.Stall());
        TestClient publisher = await regions.A.ConnectAsync();
        string payload = new('x', size);
        for (int i = 0; i < messages; i++)
        {
            await publisher.PublishAsync("both", payload);
            Assert.Equal(size, (await near.MessageAsync()).Payload.Length);
        }

        DataLane lane = ShapedRegions.Source(regions.A)!.Lane!;
        long dropped = lane.Dropped(MessageClass.Bulk);
        Assert.InRange(dropped, 1, messages);
        Assert.InRange(lane.PendingBytes, 0, 500_000);
        Assert.Equal(0, lane.Dropped(MessageClass.Rpc));
        await publisher.SendAsync("PUB both reply.here 4\r\nwhat\r\n");
        await near.MessageAsync();
        Assert.Equal((dropped, 0), (lane.Dropped(MessageClass.Bulk), lane.Dropped(MessageClass.Rpc)));

        // Only where as much again waits, requests are dropped too.
        while (lane.Dropped(MessageClass.Rpc) == 0)
        {
            await publisher.SendAsync($"PUB requests reply.here {size}\r\n{payload}\r\n");
            await publisher.FlushAsync();
            Assert.InRange(lane.PendingBytes, 0, 1_000_000);
        }

        Assert.InRange(lane.PendingBytes, 1_000_000 - (2 * size), 1_000_000);
        Assert.Equal((dropped, 1), (lane.Dropped(MessageClass.Bulk), lane.Dropped(MessageClass.Rpc)));
        Assert.Equal(0, regions.A.PublisherPauses);

        regions.Ways.ForEach(way => way.Resume());
        for (long i = dropped; i < messages; i++)
        {
            Assert.Equal(size, (await far.MessageAsync()).Payload.Length);
        }

        Assert.Equal("what", (await far.MessageAsync()).PayloadText);
        await regions.EndAsync();
    }

    [Fact]
    public async Task A_half_open_link_is_noticed_by_both_sides_and_comes_back()
    {
        await using ShapedRegions regions = await ShapedRegions.StartAsync(Quick);
        TestClient holder = await regions.B.ConnectAsync();
        await HoldAsync(holder);
        await regions.KnownAsync(Literals);
        regions.Ways.ForEach(way => way.HalfOpen());
        await Eventually.TrueAsync(() => regions.A.Log.Has("nothing was received for") && regions.B.Log.Has("nothing was received for"));
        long before = regions.Bytes;
        regions.Ways.ForEach(way => way.Resume());
        await regions.LinkedAsync();
        await regions.KnownAsync(Literals);
        TestClient publisher = await regions.A.ConnectAsync();
        await publisher.PublishAsync("held.5", "again");
        Assert.Equal("again", (await holder.MessageAsync()).PayloadText);
        Assert.InRange(regions.Bytes - before, 0, ListBytes / 2);
        await regions.EndAsync();
    }

    /// <summary>Tells a long list over a slow link that is cut every now and then; returns the bytes that it took.</summary>
    private static async Task<long> FirstSyncAsync(int cuts)
    {
        await using ShapedRegions regions = await ShapedRegions.StartAsync(Quick, new LinkConditions { Latency = TimeSpan.FromMilliseconds(50), BytesPerSecond = 200_000 });
        TestClient holder = await regions.B.ConnectAsync();

        // All of it waits to be told when the link comes: else it would be told in as many parts as there was time for.
        regions.Ways.ForEach(way => way.Refuse());
        regions.Ways.ForEach(way => way.Cut());
        await HoldAsync(holder);
        long before = regions.Bytes;
        regions.Ways.ForEach(way => way.Resume());
        for (int cut = 0; cut < cuts; cut++)
        {
            long known = Known(regions);
            await Eventually.TrueAsync(() => Known(regions) is long now && (now >= known + 500 || now == Literals));
            regions.Ways.ForEach(way => way.Cut());
        }

        await regions.KnownAsync(Literals);
        await Eventually.TrueAsync(() => regions.Told() is { Sender: { IsConverged: true, Counters.FullRounds: <= 1 } });
        long bytes = regions.Bytes - before;
        await regions.EndAsync();
        return bytes;
    }

    private static long Known(ShapedRegions regions) => ShapedRegions.Source(regions.A)?.Tables.Sum(table => table.Table.Literals) ?? 0;

    private static async Task HoldAsync(TestClient holder)
    {
        for (int i = 0; i < Literals; i += 1000)
        {
            await holder.SendAsync(string.Concat(Enumerable.Range(i, 1000).Select(number => $"SUB held.{number} {number}\r\n")));
        }

        await holder.FlushAsync();
    }
}
