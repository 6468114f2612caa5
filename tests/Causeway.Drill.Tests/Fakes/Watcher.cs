using Causeway.Drill.Engine;

namespace Causeway.Drill.Tests.Fakes;

/// <summary>Keeps what it is shown.</summary>
internal sealed class Watcher : IDrillObserver
{
    public List<DrillEvent> Events { get; } = [];

    public int Samples { get; private set; }

    public void Happened(DrillEvent what) => Events.Add(what);

    public void Sampled(DrillSample sample) => Samples++;
}
