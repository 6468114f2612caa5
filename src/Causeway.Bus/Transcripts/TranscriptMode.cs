namespace Causeway.Bus.Transcripts;

/// <summary>Whose commands are written to the log.</summary>
public enum TranscriptMode
{
    /// <summary>Nobody's.</summary>
    Off,

    /// <summary>Those of clients, and what the node answers.</summary>
    On,

    /// <summary>Those of the node's connections to itself as well.</summary>
    Verbose,
}
