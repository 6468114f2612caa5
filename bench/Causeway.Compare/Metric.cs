namespace Causeway.Compare;

/// <summary>A figure of a measurement.</summary>
internal enum Metric
{
    /// <summary>Messages delivered (published, requests, subscriptions, connections) per second.</summary>
    Rate,

    /// <summary>CPU time of the server process per the same, in microseconds.</summary>
    CpuUs,

    P50Us,

    P99Us,

    /// <summary>Resident memory of the server process at the end of the window.</summary>
    RssBytes,

    /// <summary>Resident memory grown per subscription or connection.</summary>
    BytesEach,

    /// <summary>From the start of the process to its first INFO.</summary>
    ReadyMilliseconds,
}
