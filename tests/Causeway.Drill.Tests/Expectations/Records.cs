using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;
using Causeway.Drill.Tests.Fakes;
using Causeway.Drill.Tests.Scripts;

namespace Causeway.Drill.Tests.Expectations;

/// <summary>Records of runs in which all went well, for tests to spoil. The script's clock goes sixty times faster.</summary>
internal static class Records
{
    public const long Limit = 256L << 20;

    public static readonly DrillScript Script = ScriptReader.Read("s.yaml", ScriptSamples.Whole);

    /// <summary>A run of ten seconds: two regions of one node, 20 and 10 clients.</summary>
    public static DrillRecord Good() => new()
    {
        Script = Script,
        Bus = "causeway",
        Events = [],
        Samples = [.. Enumerable.Range(0, 11).Select(Sample)],
        FinalLoad = new Dictionary<string, LoadLevel> { ["east"] = new() { Clients = 20 }, ["west"] = new() { Clients = 10 } },
        QuietAt = TimeSpan.FromSeconds(10),
        ConvergedAfter = TimeSpan.FromSeconds(2),
    };

    public static DrillSample Sample(int second) => new()
    {
        At = TimeSpan.FromSeconds(second),
        Nodes = [Node("east-1"), Node("west-1")],
        Processes = [new("east-1", "east", 101, null), new("west-1", "west", 102, null)],
        Load = [FakeLoad.Of("east", 20), FakeLoad.Of("west", 10)],
    };

    public static NodeSample Node(string name, long resident = 100L << 20, long limit = Limit) =>
        new FakeNode(name, name[..4]) { ResidentBytes = resident, MemoryLimitBytes = limit }.Sample();

    public static DrillEvent Event(double second, EventKind kind, string text = "", string key = "", string region = "", string node = "") =>
        new() { At = TimeSpan.FromSeconds(second), Kind = kind, Text = text, Key = key, Region = region, Node = node };

    public static DrillRecord With(this DrillRecord record, params DrillEvent[] events) => record with { Events = [.. record.Events, .. events] };

    /// <summary>The record with every sample changed.</summary>
    public static DrillRecord Each(this DrillRecord record, Func<DrillSample, DrillSample> change) => record with { Samples = [.. record.Samples.Select(change)] };

    /// <summary>The record with the load of every sample changed.</summary>
    public static DrillRecord EachLoad(this DrillRecord record, Func<LoadSample, LoadSample> change) =>
        record.Each(sample => sample with { Load = [.. sample.Load.Select(change)] });
}
