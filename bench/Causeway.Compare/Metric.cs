namespace Causeway.Compare;

/// <summary>A figure of a measurement.</summary>
internal enum Metric
{
    /// <summary>Messages delivered (published, requests, subscriptions, connections) per second.</summary>
    Rate,

    /// <summary>CPU time per the same, in microseconds: of the server process, or of the client that publishes, requests or only receives.</summary>
    CpuUs,

    /// <summary>CPU time of the client process on the other side per the same, in microseconds.</summary>
    OtherCpuUs,

    P50Us,

    P99Us,

    /// <summary>Resident memory of the process that <see cref="CpuUs"/> is about at the end of the window.</summary>
    RssBytes,

    /// <summary>Resident memory of the process that <see cref="OtherCpuUs"/> is about at the end of the window.</summary>
    OtherRssBytes,

    /// <summary>The part of the window in which the load generator waited for the client, so was not the limit.</summary>
    HeldBackShare,

    /// <summary>Resident memory grown per subscription or connection.</summary>
    BytesEach,

    /// <summary>From the start of the process to its first INFO.</summary>
    ReadyMilliseconds,
}
