using Causeway.Drill.Load;

namespace Causeway.Drill.Tests.Fakes;

/// <summary>A load that is at once what it is told to be.</summary>
internal sealed class FakeLoad(IReadOnlyList<string> regions) : ILoad
{
    public List<(string Region, LoadLevel Level)> Log { get; } = [];

    public Dictionary<string, LoadLevel> Levels { get; } = regions.ToDictionary(region => region, _ => new LoadLevel());

    public bool IsSettled { get; private set; }

    public bool IsEnded { get; private set; }

    public long LocalLost { get; set; }

    /// <summary>Clients of the first region that are not connected.</summary>
    public int Away { get; set; }

    public Task SetAsync(string region, LoadLevel level, CancellationToken cancellationToken)
    {
        Log.Add((region, level));
        Levels[region] = level;
        return Task.CompletedTask;
    }

    public Task SettleAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        IsSettled = true;
        return Task.CompletedTask;
    }

    public IReadOnlyList<LoadSample> Sample() => [.. Levels.Select(level => Of(level.Key, level.Value.Clients - (level.Key == regions[0] ? Away : 0)) with
    {
        LocalLost = LocalLost,
        Settled = level.Value.Clients,
        HeldSubscriptions = level.Value.HeldSubscriptions,
    })];

    public ValueTask DisposeAsync()
    {
        IsEnded = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>A sample in which all is well.</summary>
    public static LoadSample Of(string region, int connected) => new()
    {
        Region = region,
        Connected = connected,
        ConnectedTo = new Dictionary<string, int> { [region] = connected },
        LocalSent = 100,
        LocalReceived = 1000,
        LocalLost = 0,
        RemoteReceived = 100,
        RemoteLost = 0,
        Disordered = 0,
        CallsAnswered = 100,
        CallsFailed = 0,
        Reconnects = 0,
    };
}
