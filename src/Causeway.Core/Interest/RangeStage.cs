namespace Causeway.Core.Interest;

/// <summary>What a compared range waits for.</summary>
internal enum RangeStage
{
    /// <summary>For the other end.</summary>
    Waiting,

    /// <summary>To be told on: symbols by the sender, a verdict by the receiver.</summary>
    Due,

    /// <summary>To be listed, once it is the first.</summary>
    Listing,

    /// <summary>For nothing: both ends hold the same.</summary>
    Settled,
}
