using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Spectre.Console;

namespace Causeway.Cli.Drills;

/// <summary>Shows a drill while it goes on: a line for what happens, and on a terminal beneath it what the nodes are doing.</summary>
internal class Timeline : IDrillObserver
{
    private const int SamplesPerLine = 15;

    private readonly DrillScript _script;
    private int _samples;

    protected Timeline(DrillScript script, IAnsiConsole console)
    {
        _script = script;
        Out = console;
    }

    /// <summary>Where it is written.</summary>
    protected IAnsiConsole Out { get; }

    /// <summary>One for the terminal or file that the program writes to.</summary>
    public static Timeline Create(DrillScript script, bool onError)
    {
        bool isTerminal = !(onError ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        bool hasColors = isTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(onError ? Console.Error : Console.Out),
        });
        if (!isTerminal)
        {
            console.Profile.Width = 2_000;
        }

        return isTerminal && console.Profile.Capabilities.Ansi ? new LiveTimeline(script, console) : new Timeline(script, console);
    }

    /// <summary>A run begins.</summary>
    public void Begin(string version, double size)
    {
        _samples = 0;
        Out.WriteLine($"{_script.Name}: {_script.Description}");
        Out.WriteLine(
            $"{version}, {_script.Regions.Count} regions of {_script.NodesPerRegion} nodes with {ScriptText.Bytes(_script.MemoryLimitBytes)} each; "
            + $"{ScriptText.Span(_script.Lasts)} in {ScriptText.Span(_script.Lasts / _script.TimeScale)}, size {ScriptText.Number(size)}, seed {_script.Seed}");
    }

    /// <summary>Shows what a run is doing until it ends.</summary>
    public virtual Task<T> ShowAsync<T>(Func<Task<T>> run) => run();

    /// <inheritdoc/>
    public virtual void Happened(DrillEvent what) => Out.Write(new Text(
        $"{Clock(what.At),8}  {ScriptText.Clock(what.At),6}  {Word(what.Kind),-8}  {what.Text}\n", StyleOf(what.Kind)));

    /// <inheritdoc/>
    public virtual void Sampled(DrillSample sample)
    {
        if (_samples++ % SamplesPerLine == 0)
        {
            Out.WriteLine($"{Clock(sample.At),8}  {ScriptText.Clock(sample.At),6}  {"state",-8}  {string.Join("; ", _script.Regions.Select(region => State(sample, region)))}");
        }
    }

    /// <summary>A run has ended.</summary>
    public void End(DrillResult result)
    {
        Table table = new() { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(new TableColumn("") { NoWrap = true }, new TableColumn(""), new TableColumn(""));
        foreach (Outcome outcome in result.Expectations)
        {
            (string word, Style style) = outcome.Verdict switch
            {
                Verdict.Met => ("met", new Style(Color.Green)),
                Verdict.Failed => ("NOT MET", new Style(Color.Red, decoration: Decoration.Bold)),
                _ => ("not told", new Style(decoration: Decoration.Dim)),
            };
            table.AddRow(new Text(word, style), new Text(outcome.Wanted), new Text(outcome.Found));
        }

        Out.WriteLine();
        Out.Write(table);
    }

    /// <summary>All runs have ended.</summary>
    public void Conclude(IReadOnlyList<DrillResult> results, IReadOnlyList<string> files)
    {
        Out.WriteLine();
        foreach (DrillResult result in results)
        {
            int failed = result.Expectations.Count(outcome => outcome.Verdict == Verdict.Failed);
            Out.WriteLine($"{result.Bus}: {(failed == 0 ? "all expectations are met" : $"{failed} of {result.Expectations.Count} expectations are not met")}");
        }

        foreach (string file in files)
        {
            Out.WriteLine(file);
        }
    }

    /// <summary>A moment as the script's clock shows it.</summary>
    protected string Clock(TimeSpan at) => ScriptClock.Show(_script.StartsAt, at * _script.TimeScale);

    private static string State(DrillSample sample, string region)
    {
        string[] alive = [.. sample.Processes.Where(process => process.Region == region && process.ProcessId != 0).Select(process => process.Node)];
        double most = sample.Nodes.Where(node => alive.Contains(node.Node)).Select(node => (double)node.ResidentBytes / Math.Max(1, node.MemoryLimitBytes)).DefaultIfEmpty().Max();
        long pending = sample.Nodes.Where(node => alive.Contains(node.Node)).Sum(node => node.LinkPendingBytes);
        int clients = sample.Load.Sum(load => load.ConnectedTo.GetValueOrDefault(region));
        return $"{region} {alive.Length} nodes, memory {most:0%}, {clients} clients, {ScriptText.Bytes(pending)} waiting";
    }

    private static string Word(EventKind kind) => kind switch
    {
        EventKind.Phase => "drill",
        EventKind.Note => "story",
        EventKind.Step => "step",
        EventKind.Done => "done",
        EventKind.Problem => "problem",
        EventKind.NotPossible => "can't",
        EventKind.AlarmOpened => "alarm",
        EventKind.AlarmClosed => "calm",
        EventKind.Death => "death",
        _ => "warning",
    };

    private static Style StyleOf(EventKind kind) => kind switch
    {
        EventKind.Death or EventKind.Problem => new Style(Color.Red),
        EventKind.AlarmOpened or EventKind.Warning or EventKind.NotPossible => new Style(Color.Yellow),
        EventKind.AlarmClosed => new Style(Color.Green),
        EventKind.Step => new Style(decoration: Decoration.Bold),
        EventKind.Note => new Style(Color.Aqua),
        _ => Style.Plain,
    };
}
