using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Causeway.Cli.Drills;

/// <summary>A timeline on a terminal: what happens scrolls by above a table of the nodes.</summary>
internal sealed class LiveTimeline(DrillScript script, IAnsiConsole console) : Timeline(script, console)
{
    private const int BarCharacters = 20;

    private LiveDisplayContext? _live;

    public override async Task<T> ShowAsync<T>(Func<Task<T>> run) => await Out.Live(new Text("")).AutoClear(true).StartAsync(async live =>
    {
        _live = live;
        try
        {
            return await run();
        }
        finally
        {
            _live = null;
        }
    });

    public override void Sampled(DrillSample sample) => _live?.UpdateTarget(Nodes(sample));

    private Table Nodes(DrillSample sample)
    {
        Table table = new() { Border = TableBorder.Rounded, Title = new TableTitle($"{Clock(sample.At)}  after {ScriptText.Clock(sample.At)}") };
        table.AddColumns("node", "memory", "", "clients", "subscriptions", "waiting for links", "behind");
        for (int i = 1; i < table.Columns.Count; i++)
        {
            table.Columns[i].Alignment = i == 1 ? Justify.Left : Justify.Right;
        }

        foreach (NodeProcess process in sample.Processes)
        {
            table.AddRow(sample.Of(process.Node) is { } node
                ? Row(node)
                : [new Text(process.Node), new Text(process.ProcessId == 0 ? "dead" : "silent", new Style(Color.Red)), .. Enumerable.Repeat(new Text(""), 5)]);
        }

        return table;
    }

    private static IRenderable[] Row(NodeSample node)
    {
        double share = (double)node.ResidentBytes / Math.Max(1, node.MemoryLimitBytes);
        int full = Math.Clamp((int)(share * BarCharacters), 0, BarCharacters);
        Color color = share switch { > 0.9 => Color.Red, > 0.7 => Color.Yellow, _ => Color.Green };
        return
        [
            new Text(node.Node),
            new Text(new string('█', full).PadRight(BarCharacters, '░'), new Style(color)),
            new Text($"{share:0%} of {ScriptText.Bytes(node.MemoryLimitBytes)}"),
            new Text(ScriptText.Number(node.Clients)),
            new Text(ScriptText.Number(node.Subscriptions)),
            new Text(ScriptText.Bytes(node.LinkPendingBytes)),
            new Text(node.LinkLagEntries < 0 ? "?" : ScriptText.Number(node.LinkLagEntries)),
        ];
    }
}
