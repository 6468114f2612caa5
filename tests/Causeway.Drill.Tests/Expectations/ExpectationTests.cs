using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;
using Xunit;
using static Causeway.Drill.Tests.Expectations.Records;

namespace Causeway.Drill.Tests.Expectations;

/// <summary>Each expectation is met when it is, and fails when it must.</summary>
public sealed class ExpectationTests
{
    [Fact]
    public void Steps_done()
    {
        Met(new StepsDone(), Good());
        Failed(new StepsDone(), Good().With(Event(3, EventKind.Problem, "no room")), "1 not, the first at 04:53:00: no room");
        Failed(new StepsDone(), Good().With(Event(3, EventKind.NotPossible, "no way")), "no way");
    }

    [Fact]
    public void No_deaths()
    {
        Met(new NoDeaths(), Good());
        Failed(new NoDeaths(), Good().With(Event(3, EventKind.Death, "east-1 died: signal 9")), "1 died, the first at 04:53:00: east-1 died: signal 9");
    }

    [Fact]
    public void Memory_within_budget()
    {
        Met(new MemoryWithinBudget(), Good(), "at most 39% (100 MiB of 256 MiB)");
        Failed(new MemoryWithinBudget(), Good().Each(sample => sample.At.TotalSeconds == 4 ? sample with { Nodes = [Node("west-1", Limit + 1)] } : sample), "west-1 at 04:54:00");
        Failed(new MemoryWithinBudget(), Good().With(Event(3, EventKind.Death, "east-1 died: out of memory")), "out of memory at 04:53:00");
        Failed(new MemoryWithinBudget(), Good().Each(sample => sample with { Nodes = [] }), "no node answered");
    }

    [Fact]
    public void Local_messages_lost()
    {
        Met(new MessagesLost(IsLocal: true, 0), Good(), "0 lost, 2,000 received");
        Failed(new MessagesLost(IsLocal: true, 0), Good().EachLoad(load => load with { LocalLost = load.Region == "west" ? 1 : 0 }), "1 lost, 2,000 received, most in west");
        Failed(new MessagesLost(IsLocal: true, 0), Good().EachLoad(load => load with { LocalReceived = 0 }), "0 received");
        Met(new MessagesLost(IsLocal: true, 0), Good().EachLoad(load => load with { RemoteLost = 9 }));
    }

    [Fact]
    public void Remote_messages_lost()
    {
        Met(new MessagesLost(IsLocal: false, 8), Good().EachLoad(load => load with { RemoteLost = 4, LocalLost = 50 }));
        Failed(new MessagesLost(IsLocal: false, 7), Good().EachLoad(load => load with { RemoteLost = 4 }), "8 lost, 200 received");
    }

    [Fact]
    public void No_disorder()
    {
        Met(new NoDisorder(), Good());
        Failed(new NoDisorder(), Good().EachLoad(load => load with { Disordered = 1 }), "2 did");
    }

    [Fact]
    public void Calls_failed()
    {
        Met(new CallsFailed(0), Good(), "0 of 200 failed");
        Failed(new CallsFailed(0.01), Good().EachLoad(load => load with { CallsFailed = 2 }), "4 of 204 failed (1.96%)");
        Failed(new CallsFailed(0.01), Good().EachLoad(load => load with { CallsAnswered = 0 }), "0 of 0 failed");
    }

    [Fact]
    public void Converged_within()
    {
        Met(new ConvergedWithin(TimeSpan.FromSeconds(2)), Good(), "after 2 s");
        Failed(new ConvergedWithin(TimeSpan.FromSeconds(1)), Good(), "after 2 s");
        Failed(new ConvergedWithin(TimeSpan.FromSeconds(9)), Behind(7), "west-1 was 7 entries behind");
        Failed(new ConvergedWithin(TimeSpan.FromSeconds(9)), Behind(0).Each(sample => sample with { Nodes = [sample.Nodes[0]] }), "west-1 did not answer");
        Assert.Equal(Verdict.NotTold, new ConvergedWithin(TimeSpan.FromSeconds(9)).Judge(Behind(-1)).Verdict);

        static DrillRecord Behind(long entries) => (Good() with { ConvergedAfter = null }).Each(sample => sample with { Nodes = [sample.Nodes[0], sample.Nodes[1] with { LinkLagEntries = entries }] });
    }

    [Fact]
    public void Failover_within_budget()
    {
        DrillRecord lost = Good().With(Event(3, EventKind.Step, key: "kill-region", region: "west"));
        DrillRecord moved = lost.EachLoad(load => load.Region == "west" ? load with { ConnectedTo = new Dictionary<string, int> { ["east"] = 10 } } : load);
        Met(new FailoverWithinBudget(), moved, "10 clients of west were elsewhere at most; memory at most 39%");
        Failed(new FailoverWithinBudget(), Good(), "no region was drained or killed");
        Failed(new FailoverWithinBudget(), lost, "0 clients of west were elsewhere");
        Failed(new FailoverWithinBudget(), moved.Each(sample => sample with { Nodes = [Node("east-1", Limit * 2)] }), "at most 200%");
    }

    [Fact]
    public void Clients_back_within()
    {
        DrillRecord record = Good().With(Event(3, EventKind.Step, key: "kill", region: "west"))
            .Each(sample => sample.At.TotalSeconds is >= 3 and < 7 ? sample with { Load = [sample.Load[0]] } : sample);
        Met(new ClientsBackWithin(TimeSpan.FromSeconds(4)), record, "all 30 after 4 s");
        Failed(new ClientsBackWithin(TimeSpan.FromSeconds(3)), record, "all 30 after 4 s");
        Failed(new ClientsBackWithin(TimeSpan.FromSeconds(3)), Good(), "no blow was dealt");
        Failed(new ClientsBackWithin(TimeSpan.FromSeconds(9)), record.EachLoad(load => load with { Connected = 9 }), "18 of 30 at the end");
    }

    [Fact]
    public void Slow_consumers_closed()
    {
        DrillRecord record = Good().Each(sample => sample with { Nodes = [sample.Nodes[0] with { SlowConsumers = (int)sample.At.TotalSeconds }, sample.Nodes[1]] });
        Met(new SlowConsumersClosed(10), record, "10 closed");
        Failed(new SlowConsumersClosed(11), record, "10 closed");
    }

    [Fact]
    public void Limit_raised_live()
    {
        DrillRecord record = Good().With(Event(9, EventKind.Step, key: "memory-limit", region: "east"))
            .Each(sample => sample.At.TotalSeconds >= 9 ? sample with { Nodes = [Node("east-1", limit: 512L << 20), sample.Nodes[1]] } : sample);
        Met(new LimitRaisedLive("east"), record, "512 MiB in 1 processes that ran before");
        Failed(new LimitRaisedLive("west"), record, "no step changed it");
        Failed(new LimitRaisedLive("east"), Good().With(Event(9, EventKind.Step, key: "memory-limit", region: "east")), "east-1: 256 MiB");
        Failed(new LimitRaisedLive("east"), record.With(Event(9, EventKind.NotPossible, "needs a restart", key: "memory-limit")), "needs a restart");
        Failed(
            new LimitRaisedLive("east"),
            record.Each(sample => sample.At.TotalSeconds == 10 ? sample with { Processes = [new("east-1", "east", 999, null)] } : sample),
            "another process than before");
    }

    [Fact]
    public void Scaled_out()
    {
        DrillRecord record = Good().Each(sample => sample.At.TotalSeconds < 5
            ? sample
            : sample with { Processes = [.. sample.Processes, new("east-2", "east", 103, null)], Nodes = [.. sample.Nodes, Node("east-2")] });
        Met(new ScaledOut("east"), record, "east-2 has 5 clients");
        Failed(new ScaledOut("west"), record, "none was added");
        Failed(new ScaledOut("east"), record.Each(sample => sample with { Nodes = [.. sample.Nodes.Take(2)] }), "no answer");
    }

    private static void Met(Expectation expected, DrillRecord record, string found = "") => Judged(expected, record, Verdict.Met, found);

    private static void Failed(Expectation expected, DrillRecord record, string found) => Judged(expected, record, Verdict.Failed, found);

    private static void Judged(Expectation expected, DrillRecord record, Verdict verdict, string found)
    {
        Outcome outcome = expected.Of(record);
        Assert.Equal(verdict, outcome.Verdict);
        Assert.Contains(found, outcome.Found, StringComparison.Ordinal);
        Assert.NotEmpty(outcome.Wanted);
        Assert.Equal(expected.Key, outcome.Key);
    }
}
