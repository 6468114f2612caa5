using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Publishers at some nodes, which know what was accepted, and readers at others, each of which must get it all, in order and once.</summary>
internal sealed class RegionLoad : IDisposable
{
    private const int EachPublishers = 2;
    private const long MostAhead = 2000;

    private readonly CancellationTokenSource _enough = new();
    private readonly List<(string Node, BarrierPublisher Publisher)> _publishers = [];
    private readonly List<(string Node, NumberedReader Reader)> _readers = [];
    private readonly HashSet<string> _gone = [];
    private Task _publishing = Task.CompletedTask;

    public long Accepted => _publishers.Sum(publisher => publisher.Publisher.Accepted);

    /// <summary>Begins once <paramref name="known"/> says that each publisher's node knows of the readers.</summary>
    public static async Task<RegionLoad> StartAsync(TestDeployment deployment, string[] publishers, string[] readers, Func<Task> known)
    {
        RegionLoad load = new();
        foreach (string node in readers)
        {
            load._readers.Add((node, new NumberedReader(await deployment[node].SubscriberAsync("load.*"))));
        }

        await known();
        foreach (string node in publishers)
        {
            for (int i = 0; i < EachPublishers; i++)
            {
                load.AddPublisher(node, await deployment[node].ConnectAsync());
            }
        }

        load._publishing = Task.WhenAll(load._publishers.Select(publisher => Task.Run(() => publisher.Publisher.RunAsync(load._enough.Token))));
        return load;
    }

    /// <summary>The readers of a node that goes away need not get more, and are not waited for.</summary>
    public void Excuse(string node)
    {
        lock (_gone)
        {
            _gone.Add(node);
        }
    }

    /// <summary>Waits until <paramref name="count"/> more messages were accepted.</summary>
    public Task GoOnAsync(long count)
    {
        long due = Accepted + count;
        return Eventually.TrueAsync(() => Accepted >= due || _publishing.IsCompleted);
    }

    /// <summary>Has the publishers stop, and asserts that the readers of all nodes that stay get what was accepted.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await _publishing.InTimeAsync();
        foreach ((string node, NumberedReader reader) in Staying())
        {
            foreach ((string from, BarrierPublisher publisher) in _publishers)
            {
                await Eventually.TrueAsync(
                    () => reader.Got(publisher.Id) >= publisher.Accepted || reader.Done.IsFaulted,
                    Eventually.Deadline,
                    () => $"(the reader at {node} got {reader.Got(publisher.Id)} of {publisher.Accepted} that {from} accepted)");
                Assert.False(reader.Done.IsFaulted, $"the reader at {node}: {reader.Done.Exception?.InnerException?.Message}");
                Assert.InRange(reader.Got(publisher.Id), publisher.Accepted, publisher.Sent);
            }
        }
    }

    public void Dispose() => _enough.Dispose();

    private void AddPublisher(string node, TestClient client)
    {
        int id = _publishers.Count;
        BarrierPublisher publisher = null!;
        publisher = new BarrierPublisher(client, id, $"load.{id}", new Random(id))
        {
            MayGoOn = () => Staying().All(reader => publisher.Sent - reader.Reader.Got(id) < MostAhead || reader.Reader.Done.IsCompleted),
        };
        _publishers.Add((node, publisher));
    }

    private (string Node, NumberedReader Reader)[] Staying()
    {
        lock (_gone)
        {
            return [.. _readers.Where(reader => !_gone.Contains(reader.Node))];
        }
    }
}
