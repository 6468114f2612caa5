namespace Causeway.Cli.Bench;

/// <summary>What the server process used over the measured window.</summary>
internal sealed record ProcessSection
{
    public required int Pid { get; init; }

    public required double CpuSeconds { get; init; }

    public required double UserSeconds { get; init; }

    public required double SystemSeconds { get; init; }

    /// <summary>CPU time over wall time, in cores.</summary>
    public required double CpuCores { get; init; }

    public double? CpuUsPerPublished { get; init; }

    public double? CpuUsPerDelivered { get; init; }

    public double? CpuUsPerRequest { get; init; }

    /// <summary>CPU per subscription or connection made.</summary>
    public double? CpuUsPerItem { get; init; }

    public required long RssBeforeBytes { get; init; }

    public required long RssAfterBytes { get; init; }

    public required long RssPeakBytes { get; init; }

    /// <summary>Resident memory grown per subscription or connection held.</summary>
    public double? RssBytesPerItem { get; init; }

    /// <summary>Resident memory some time after the connections have closed again.</summary>
    public long? RssClosedBytes { get; init; }

    public static ProcessSection Between(int pid, ServerProcessUsage before, ServerProcessUsage after, double seconds) => new()
    {
        Pid = pid,
        CpuSeconds = after.CpuSeconds - before.CpuSeconds,
        UserSeconds = after.UserSeconds - before.UserSeconds,
        SystemSeconds = after.SystemSeconds - before.SystemSeconds,
        CpuCores = (after.CpuSeconds - before.CpuSeconds) / seconds,
        RssBeforeBytes = before.ResidentBytes,
        RssAfterBytes = after.ResidentBytes,
        RssPeakBytes = after.PeakResidentBytes,
    };
}
