namespace Causeway.Core.Transcripts;

/// <summary>Takes the lines of a <see cref="Transcript"/>. Any thread; must not wait.</summary>
public interface ITranscriptLog
{
    /// <summary>Takes a line, which has no control characters and no line end. One that there is no room for is dropped and counted.</summary>
    void Add(string line);
}
