using System.Globalization;
using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>At most a share of the calls between regions fails.</summary>
internal sealed record CallsFailed(double MostShare) : Expectation
{
    public override string Key => "calls-failed";

    public override string Wanted => string.Create(CultureInfo.InvariantCulture, $"at most {MostShare:0.##%} of calls between regions fail");

    public override Finding Judge(DrillRecord record)
    {
        if (record.Samples is not [.., { } last])
        {
            return new Finding(Verdict.Failed, "nothing was measured");
        }

        long failed = last.Load.Sum(region => region.CallsFailed);
        long all = failed + last.Load.Sum(region => region.CallsAnswered);
        double share = all == 0 ? 1 : (double)failed / all;
        return Finding.If(all > 0 && share <= MostShare, string.Create(CultureInfo.InvariantCulture, $"{ScriptText.Number(failed)} of {ScriptText.Number(all)} failed ({share:0.##%})"));
    }
}
