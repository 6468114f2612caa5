namespace Causeway.Bus.Tests.Support;

/// <summary>
/// Publishes numbered messages as fast as it can, in batches behind each of which it waits for a PONG: so it knows what the node
/// has accepted. It stops when told to or when its connection ends.
/// </summary>
internal sealed class BarrierPublisher(TestClient client, int id, string subject, Random random)
{
    private const int MostMessages = 60;
    private const int MostBytes = 700;
    private const int OneInMany = 300;
    private const int HugeBytes = 100_000;

    private long _accepted;

    public int Id => id;

    /// <summary>All below this number has been worked through by the node.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>All that was sent, if only in part, is below this number.</summary>
    public long Sent { get; private set; }

    /// <summary>What it waits for before it publishes more, to keep it from running away from its readers.</summary>
    public Func<bool> MayGoOn { get; init; } = () => true;

    public async Task RunAsync(CancellationToken enough)
    {
        Wire wire = new();
        while (!enough.IsCancellationRequested)
        {
            await Eventually.TrueAsync(() => MayGoOn() || enough.IsCancellationRequested);
            wire.Clear();
            long next = Sent + random.Next(1, MostMessages);
            for (long number = Sent; number < next; number++)
            {
                int size = random.Next(OneInMany) == 0 ? HugeBytes : random.Next(Numbered.LeastBytes, MostBytes);
                wire.AddNumbered(subject, id, number, size);
            }

            Sent = next;
            if (!await client.TrySendAsync(wire.Bytes) || !await client.TryFlushAsync())
            {
                client.Dispose();
                return;
            }

            Volatile.Write(ref _accepted, next);
        }
    }
}
