using System.Net;
using Xunit;

namespace Causeway.Bus.Tests.Support;

/// <summary>Publishers that know what was accepted, and readers each of which must get it all.</summary>
internal sealed class Load : IDisposable
{
    private const int PublisherCount = 4;
    private const int ReaderCount = 4;

    private readonly CancellationTokenSource _enough = new();
    private readonly List<TestClient> _clients = [];
    private readonly List<BarrierPublisher> _publishers = [];
    private readonly List<NumberedReader> _readers = [];
    private Task _publishing = Task.CompletedTask;

    public long Accepted => _publishers.Sum(publisher => publisher.Accepted);

    public static async Task<Load> StartAsync(IPEndPoint address)
    {
        Load load = new();
        for (int i = 0; i < ReaderCount; i++)
        {
            TestClient client = await load.ConnectAsync(address);
            await client.SubscribeAsync("load.*");
            load._readers.Add(new NumberedReader(client));
        }

        for (int i = 0; i < PublisherCount; i++)
        {
            load._publishers.Add(new BarrierPublisher(await load.ConnectAsync(address), i, $"load.{i}", new Random(i)));
        }

        load._publishing = Task.WhenAll(load._publishers.Select(publisher => Task.Run(() => publisher.RunAsync(load._enough.Token))));
        return load;
    }

    /// <summary>Waits until <paramref name="count"/> more messages were accepted, and some of each publisher.</summary>
    public Task GoOnAsync(long count)
    {
        long due = Accepted + count;
        return Eventually.TrueAsync(() => (Accepted >= due && _publishers.TrueForAll(publisher => publisher.Accepted > 0)) || _publishing.IsCompleted);
    }

    /// <summary>Waits for the end of all connections and asserts that every reader got everything that was accepted.</summary>
    public async Task EndAsync()
    {
        await _publishing.InTimeAsync();
        await Task.WhenAll(_readers.Select(reader => reader.Done)).InTimeAsync();
        foreach (BarrierPublisher publisher in _publishers)
        {
            Assert.InRange(publisher.Accepted, 1, long.MaxValue);
            Assert.All(_readers, reader => Assert.InRange(reader.Got(publisher.Id), publisher.Accepted, publisher.Sent));
        }
    }

    /// <summary>Has the publishers stop, and waits until every reader has what was accepted.</summary>
    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await _publishing.InTimeAsync();
        await Eventually.TrueAsync(() => _readers.TrueForAll(reader => _publishers.TrueForAll(publisher => reader.Got(publisher.Id) == publisher.Accepted)));
    }

    public void Dispose()
    {
        _enough.Dispose();
        _clients.ForEach(client => client.Dispose());
    }

    private async Task<TestClient> ConnectAsync(IPEndPoint address)
    {
        TestClient client = await TestClient.ConnectAsync(address);
        _clients.Add(client);
        return client;
    }
}
