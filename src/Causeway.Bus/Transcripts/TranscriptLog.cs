using Causeway.Core.Transcripts;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Transcripts;

/// <summary>Logs what clients and the node say to each other, as events of the level Trace. Any thread.</summary>
internal sealed partial class TranscriptLog(ILogger log) : ITranscriptLog
{
    /// <summary>The transcript for <paramref name="mode"/>; null if there is none.</summary>
    public static Transcript? Create(TranscriptMode mode, ILogger log) =>
        mode == TranscriptMode.Off ? null : new Transcript(new TranscriptLog(log), mode == TranscriptMode.Verbose);

    public void Add(string line) => Write(log, line);

    [LoggerMessage(93, LogLevel.Trace, "{Line}")]
    private static partial void Write(ILogger log, string line);
}
