using System.Text.Json;
using Causeway.Core.Interest;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// A table that a link tells the other side. What its sender counts belongs here: <see cref="Of"/> reads it on the mesh's thread, and
/// <see cref="Write"/> puts it on the page.
/// </summary>
internal sealed record ExportRow(StreamKind Kind, string Region, SenderCounters Counters, ulong LagEntries, long LagMilliseconds, long UnackedBytes, bool Converged)
{
    public static ExportRow Of(ExportStream export) =>
        new(export.Kind, export.Region, export.Sender.Counters, export.Sender.LagEntries, export.LagMilliseconds, export.Sender.UnackedBytes, export.Sender.IsConverged);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", JsonFormat.Name(Kind));
        json.WriteString("region", Region);
        json.WriteBoolean("converged", Converged);
        json.WriteNumber("lag_entries", LagEntries);
        json.WriteNumber("lag_seconds", LagMilliseconds / 1000.0);
        json.WriteNumber("unacked_bytes", UnackedBytes);
        json.WriteNumber("bytes", Counters.Bytes);
        json.WriteNumber("delta_bytes", Counters.DeltaBytes);
        json.WriteNumber("full_bytes", Counters.FullBytes);
        json.WriteNumber("text_bytes", Counters.TextBytes);
        json.WriteNumber("symbol_bytes", Counters.SymbolBytes);
        json.WriteNumber("delta_blocks", Counters.DeltaBlocks);
        json.WriteNumber("full_blocks", Counters.FullBlocks);
        json.WriteNumber("delta_rounds", Counters.DeltaRounds);
        json.WriteNumber("delta_rounds_held", Counters.DeltaRoundsHeld);
        json.WriteNumber("full_rounds", Counters.FullRounds);
        json.WriteNumber("resumes", Counters.Resumes);
        json.WriteNumber("reconciliations", Counters.Reconciliations);
        json.WriteNumber("differences", Counters.Differences);
        json.WriteNumber("symbols", Counters.Symbols);
        json.WriteEndObject();
    }
}
