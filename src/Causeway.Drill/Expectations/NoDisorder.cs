using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>No message comes twice or out of order.</summary>
internal sealed record NoDisorder : Expectation
{
    public override string Key => "no-disorder";

    public override string Wanted => "no message comes twice or out of order";

    public override Finding Judge(DrillRecord record)
    {
        if (record.Samples is not [.., { } last])
        {
            return new Finding(Verdict.Failed, "nothing was measured");
        }

        long disordered = last.Load.Sum(region => region.Disordered);
        return Finding.If(disordered == 0, disordered == 0 ? "none did" : $"{ScriptText.Number(disordered)} did");
    }
}
