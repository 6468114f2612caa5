using Causeway.Bus.Tests.Support;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Xunit;

namespace Causeway.Bus.Tests.Regions;

/// <summary>More interest than a node may tell: the fullest prefixes become patterns, and nobody misses a message.</summary>
public sealed class WideningTests
{
    private const int EachPrefix = 2500;

    [Fact]
    public async Task The_fullest_prefixes_are_told_as_patterns_until_there_is_room_again()
    {
        LinkLimits limits = TestDeployment.Patient with { MaxExportedEntries = 1000 };
        await using TestDeployment deployment = new();
        TestNode here = await deployment.StartAsync("a0", "a", limits: limits);
        TestNode there = await deployment.StartAsync("b0", "b", remotes: [("a", "a0")], limits: limits);
        TestClient subscriber = await there.ConnectAsync();
        await SubscribeAsync(subscriber, "room.one");
        await SubscribeAsync(subscriber, "room.two");
        await subscriber.SendAsync("SUB rare.word r\r\n");
        NodeInterest own = there.Bus.Mesh!.Context.Own;
        await Eventually.TrueAsync(() => own.Public.Literals == 1 && own.Widened.Any(prefix => prefix.IsAlone));
        await Eventually.TrueAsync(() => Known(here) is (1, > 0));

        TestClient publisher = await here.ConnectAsync();
        foreach (string subject in new[] { "room.one.7", "room.two.2400", "rare.word" })
        {
            await publisher.PublishAsync(subject, subject);
            Assert.Equal(subject, (await subscriber.MessageAsync()).PayloadText);
        }

        long unwanted = there.Bus.Mesh.Context.Forwarder.Unwanted;
        await publisher.PublishAsync("room.one.unheard", "nobody asked");
        await Eventually.TrueAsync(() => there.Bus.Mesh.Context.Forwarder.Unwanted == unwanted + 1);

        await UnsubscribeAsync(subscriber, "room.one");
        await UnsubscribeAsync(subscriber, "room.two");
        await SubscribeAsync(subscriber, "room.few", 10);
        await Eventually.TrueAsync(() => !own.Widened.Any() && own.Public.Literals == 11);
        await Eventually.TrueAsync(() => Known(here) is (11, 0));
        await publisher.PublishAsync("room.few.9", "exact again");
        Assert.Equal("exact again", (await subscriber.MessageAsync()).PayloadText);
        await deployment.EndAsync();
    }

    private static (long Literals, long Texts) Known(TestNode node) =>
        node.Bus.Mesh!.Context.Remote.Sources.SingleOrDefault() is { } source
            ? (source.Tables.Sum(table => table.Table.Literals), source.Tables.Sum(table => table.Table.Texts))
            : default;

    private static async Task SubscribeAsync(TestClient client, string prefix, int count = EachPrefix)
    {
        await client.SendAsync(string.Concat(Enumerable.Range(0, count).Select(number => $"SUB {prefix}.{number} {prefix}.{number}\r\n")));
        await client.FlushAsync();
    }

    private static async Task UnsubscribeAsync(TestClient client, string prefix)
    {
        await client.SendAsync(string.Concat(Enumerable.Range(0, EachPrefix).Select(number => $"UNSUB {prefix}.{number}\r\n")));
        await client.FlushAsync();
    }
}
