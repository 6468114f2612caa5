using Causeway.Drill.Expectations;
using Causeway.Drill.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Scripts;

public sealed class ScriptReaderTests
{
    [Fact]
    public void A_whole_script_is_read()
    {
        DrillScript script = ScriptReader.Read("s.yaml", ScriptSamples.Whole);
        Assert.Equal("The first line of a story.\nAnd its second.", script.Story);
        Assert.Equal(TimeSpan.FromMinutes(10), script.Lasts);
        Assert.Equal(256L << 20, script.MemoryLimitBytes);
        Assert.Equal(["east", "west"], script.Regions);
        Assert.Equal(TimeSpan.FromMilliseconds(30), script.Links[0].Conditions.Latency);
        Assert.Equal(1L << 20, script.Links[0].Conditions.BytesPerSecond);
        Assert.Equal(10_000, script.Load["east"].HeldSubscriptions);
        Assert.Equal(300, script.Load["east"].PayloadBytes);
        Assert.Equal(15, script.Steps.Count);
        Assert.Equal(TimeSpan.FromMinutes(1), script.Steps[0].At);
        Assert.True(Assert.IsType<ShapeLink>(script.Steps[0].Action).Link.IsOneWay);
        Assert.Equal(new NodeChoice("east", null), script.Steps.Select(step => step.Action).OfType<KillNode>().Single().Node);
        Assert.Equal(13, script.Expectations.Count);
        Assert.Equal(0.015, script.Expectations.OfType<CallsFailed>().Single().MostShare);
        Assert.Equal(TimeSpan.FromMinutes(10), script.Expectations.OfType<AlarmOpened>().Single().BeforeExhaustion);
    }

    [Fact]
    public void Steps_come_in_the_order_of_time()
    {
        DrillScript script = Read("          - at: 2m\n            load", "          - at: 9m\n            load");
        Assert.Equal(script.Steps.OrderBy(step => step.At).Select(step => step.At), script.Steps.Select(step => step.At));
    }

    [Theory]
    [InlineData("lasts: 10m", "lasts: ten", "s.yaml:6: lasts: 'ten' can't be read; accepted is a time above 0")]
    [InlineData("lasts: 10m", "lasts: 0", "s.yaml:6: lasts: '0' can't be read")]
    [InlineData("lasts: 10m\ntime-scale: 60", "lasts: 23h\ntime-scale: 2", "s.yaml:7: time-scale: the drill would take too long")]
    [InlineData("nodes: 2", "node: 2", "s.yaml:10: node: is not a key here; accepted is name, description")]
    [InlineData("nodes: 2", "nodes: 99", "s.yaml:10: nodes: '99' can't be read; accepted is a whole number from 1 to 6")]
    [InlineData("nodes: 2", "nodes: 2\nnodes: 3", "s.yaml:11: nodes: stands twice")]
    [InlineData("name: sample\n", "", "s.yaml:3: name: is missing")]
    [InlineData("name: sample", "name: &a sample", "anchors, aliases and tags are not understood")]
    [InlineData("name: sample", "name: !x sample", "anchors, aliases and tags are not understood")]
    [InlineData("name: sample", "name: {a: [[[[[[[b]]]]]]]}", "stand too deep within each other")]
    [InlineData("memory-limit: 256MiB", "memory-limit: 1MiB", "s.yaml:11: memory-limit: '1MiB' can't be read; accepted is bytes such as 256MiB, from 64 MiB")]
    [InlineData("regions: [east, west]", "regions: [east, east]", "regions: a name stands twice")]
    [InlineData("regions: [east, west]", "regions: []", "regions: is no list of that length")]
    [InlineData("regions: [east, west]", "regions: east", "regions: is no list of that length")]
    [InlineData("between: [east, west]\n    latency", "between: [east, north]\n    latency", "links[1].between[2]: 'north' can't be read; accepted is one of east, west")]
    [InlineData("stall: [east, west]", "stall: [east, east]", "steps[3].stall: 'east' has no link to itself")]
    [InlineData("stall: [east, west]", "stall: east", "steps[3].stall: is 'east'; accepted is a list of two regions")]
    [InlineData("add-node: west", "add-node: north", "steps[9].add-node: 'north' can't be read; accepted is one of east, west")]
    [InlineData("restart: east/1", "restart: east", "steps[8].restart: 'east' can't be read; accepted is a region and a node's number, such as east/1")]
    [InlineData("restart: east/1", "restart: east/0", "can't be read")]
    [InlineData("restart: east/1", "reboot: east/1", "steps[8].reboot: is not a key here; accepted is at, note, shape")]
    [InlineData("restart: east/1", "restart: east/1\n    kill: east/2", "steps[8].at: the step does restart and kill")]
    [InlineData("note: A word alone.", "note: ''", "steps[15].note: nothing can't be read")]
    [InlineData("at: \"04:51\"", "at: \"25:00\"", "steps[1].at: '25:00' can't be read; accepted is a time since the start such as 90s or 2m, or a time of day from \"04:50\" on")]
    [InlineData("at: \"04:51\"", "at: \"04:40\"", "steps[1].at: 1430 min after the start is behind the drill's end")]
    [InlineData("at: \"04:51\"", "at: 11m", "is behind the drill's end; accepted is a moment up to its end after 10 min")]
    [InlineData("over: 2m}", "over: 2m, speed: 3}", "steps[2].load.speed: is not a key here; accepted is region, clients")]
    [InlineData("held: 20k, over: 2m", "over: 2m", "steps[2].load.region: nothing is changed")]
    [InlineData("clients: 20,", "clients: many,", "load.east.clients: 'many' can't be read; accepted is a whole number from 0 to 5000")]
    [InlineData("  west: {clients: 10", "  north: {clients: 10", "load.north: is not a key here; accepted is east, west")]
    [InlineData("- no-deaths", "- no-death", "expect[1]: 'no-death' is not an expectation by itself; accepted is each one of no-deaths")]
    [InlineData("local-lost: 0", "local-lost: none", "expect[5].local-lost: 'none' can't be read")]
    [InlineData("calls-failed: 1.5%", "calls-failed: 1.5", "expect[7].calls-failed: '1.5' can't be read; accepted is a percentage")]
    [InlineData("scaled-out: west", "scaled-out: west\n    no-deaths: 1", "expect[12]: has 2 keys")]
    [InlineData("rule: memory_growth", "rule: Memory Growth", "expect[13].alarm.rule: 'Memory Growth' can't be read")]
    [InlineData("  - no-deaths", "  -- no-deaths: [", "s.yaml:")]
    public void What_is_wrong_is_told_with_line_key_and_what_is_accepted(string part, string instead, string error)
    {
        ScriptException problem = Assert.Throws<ScriptException>(() => Read(part, instead));
        Assert.Contains(error, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("s.yaml:", problem.Message, StringComparison.Ordinal);
        Assert.Contains("; accepted is ", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment")]
    [InlineData("- a\n- list")]
    [InlineData("just words")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("\t a: b: c")]
    [InlineData("{")]
    [InlineData("\0")]
    public void What_is_no_script_is_refused(string text) => Assert.Throws<ScriptException>(() => ScriptReader.Read("s.yaml", text));

    [Fact]
    public void A_script_without_expectations_is_refused()
    {
        string text = ScriptSamples.Whole[..ScriptSamples.Whole.IndexOf("expect:", StringComparison.Ordinal)];
        Assert.Contains("expect: nothing is expected", Assert.Throws<ScriptException>(() => ScriptReader.Read("s.yaml", text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_file_is_refused()
    {
        string text = ScriptSamples.Whole + new string('#', ScriptLimits.FileCharactersMax);
        Assert.Contains("are too many", Assert.Throws<ScriptException>(() => ScriptReader.Read("s.yaml", text)).Message, StringComparison.Ordinal);
    }

    private static DrillScript Read(string part, string instead)
    {
        string text = ScriptSamples.Whole;
        part = part.Replace("          - at", "  - at", StringComparison.Ordinal).Replace("            load", "    load", StringComparison.Ordinal);
        instead = instead.Replace("          - at", "  - at", StringComparison.Ordinal).Replace("            load", "    load", StringComparison.Ordinal);
        Assert.Contains(part, text, StringComparison.Ordinal);
        int at = text.IndexOf(part, StringComparison.Ordinal);
        return ScriptReader.Read("s.yaml", string.Concat(text.AsSpan(0, at), instead, text.AsSpan(at + part.Length)));
    }
}
