namespace Causeway.Compare;

/// <summary>What a scenario's figures are about, and so the table that shows them.</summary>
internal enum ScenarioGroup
{
    Throughput,
    Latency,
    Holding,
    Start,
}
