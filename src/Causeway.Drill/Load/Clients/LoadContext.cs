namespace Causeway.Drill.Load.Clients;

/// <summary>What all clients of a load share. Thread-safe.</summary>
internal sealed class LoadContext(LoadSettings settings, ClientHomes homes)
{
    private const double MaxPauseMilliseconds = 1000;

    private int _streams;
    private int _randoms = settings.Seed;

    public LoadSettings Settings => settings;

    public ClientHomes Homes => homes;

    /// <summary>The id of another stream.</summary>
    public int NextStream() => Interlocked.Increment(ref _streams);

    /// <summary>Randomness for one client.</summary>
    public Random Random() => new(Interlocked.Increment(ref _randoms));

    /// <summary>A pause before a client tries again, so that many don't come at once.</summary>
    public TimeSpan RandomPause() => TimeSpan.FromMilliseconds(Random().NextDouble() * MaxPauseMilliseconds);
}
