using System.CommandLine;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tracing;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;
using Causeway.Cli.Telemetry;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c> for tracing messages and for exporting metrics and traces.</summary>
internal sealed class TelemetryOptions
{
    private const int MostTraced = 10_000;

    private readonly Option<string> _collector = OtlpOption.Create();
    private readonly Option<Count> _traced = ServeOptions.Number(
        "--trace-messages", "Most messages a second that are traced, of those that a header traceparent marks as sampled; 0 to trace none", 0, 0, MostTraced);

    public void AddTo(Command command)
    {
        command.Options.Add(_traced);
        command.Options.Add(_collector);
    }

    /// <summary>Most messages in a second that are traced.</summary>
    public int MaxTracedMessagesPerSecond(ParseResult result) => (int)result.GetValue(_traced).Value;

    /// <summary>Where to export to; null for nowhere. Adds a line to <paramref name="faults"/> if that can't be read.</summary>
    public Uri? Collector(ParseResult result, List<string> faults) => OtlpOption.Read(result, _collector, faults);

    /// <summary>Begins to export what <paramref name="node"/> measures, if that is asked for.</summary>
    public IDisposable? Export(ParseResult result, BusNode node, ILogger log)
    {
        if (Collector(result, []) is not { } collector)
        {
            return null;
        }

        List<KeyValuePair<string, object>> about = [new("causeway.node", node.Info.ServerName)];
        if (node.Options.Links is { } links)
        {
            about.Add(new("causeway.region", links.Region));
            about.Add(new("causeway.deployment", links.Deployment));
        }

        return OtlpExport.Start(
            collector,
            new OtlpIdentity("causeway", ProgramRoot.Version, node.Info.ServerId, about),
            node.Metrics.Name,
            node.Options.MaxTracedMessagesPerSecond > 0 ? MessageTraces.SourceName : null,
            log);
    }
}
