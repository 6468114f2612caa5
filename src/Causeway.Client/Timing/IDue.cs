namespace Causeway.Client.Timing;

/// <summary>Something that is due at a time, in a <see cref="DueHeap{T}"/>.</summary>
internal interface IDue
{
    /// <summary>When, in milliseconds of an <see cref="MillisecondClock"/>. Changed only while it is in no heap.</summary>
    long DueAt { get; }

    /// <summary>Where the heap keeps it; negative while it is in none.</summary>
    int HeapIndex { get; set; }
}
