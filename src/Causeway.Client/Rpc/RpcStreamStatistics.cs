namespace Causeway.Client.Rpc;

/// <summary>What all streams of a caller or server did so far.</summary>
public readonly record struct RpcStreamStatistics
{
    /// <summary>Streams that were opened.</summary>
    public long Opened { get; init; }

    /// <summary>Streams that ended by a failure of either side or of the way between.</summary>
    public long Failed { get; init; }

    /// <summary>Values sent.</summary>
    public long ValuesOut { get; init; }

    /// <summary>Values received.</summary>
    public long ValuesIn { get; init; }

    /// <summary>Messages sent that let the other side send more.</summary>
    public long CreditsOut { get; init; }

    /// <summary>Messages that came twice, and were dropped.</summary>
    public long Duplicates { get; init; }

    /// <summary>Most values of one stream that ever waited to be read; at most <see cref="RpcLimits.StreamWindowMessages"/>.</summary>
    public long ArrivedMessagesPeak { get; init; }

    /// <summary>Most bytes of one stream that ever waited to be read; less than <see cref="RpcLimits.StreamWindowBytes"/> and one value.</summary>
    public long ArrivedBytesPeak { get; init; }
}
