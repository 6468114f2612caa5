using System.Diagnostics;
using OpenTelemetry;

namespace Causeway.Samples.Web;

/// <summary>Writes finished spans to standard output; in earnest an exporter takes them.</summary>
internal sealed class ConsoleSpans : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (Activity span in batch)
        {
            Console.WriteLine($"span {span.TraceId} {span.Kind} {span.DisplayName}");
        }

        return ExportResult.Success;
    }
}
