using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>At least so many slow consumers are closed: who does not read must not cost the others.</summary>
internal sealed record SlowConsumersClosed(int Least) : Expectation
{
    public override string Key => "slow-consumers-closed";

    public override string Wanted => $"at least {Least} slow consumers closed";

    public override Finding Judge(DrillRecord record)
    {
        long closed = record.Samples.SelectMany(sample => sample.Nodes).GroupBy(node => node.Node).Sum(node => node.Max(sample => sample.SlowConsumers));
        return Finding.If(closed >= Least, $"{ScriptText.Number(closed)} closed");
    }
}
