namespace Causeway.Drill.Engine;

/// <summary>Sees a run while it goes on. Called by one thread at a time.</summary>
internal interface IDrillObserver
{
    /// <summary>Something happened.</summary>
    void Happened(DrillEvent what);

    /// <summary>Something was measured.</summary>
    void Sampled(DrillSample sample);
}
