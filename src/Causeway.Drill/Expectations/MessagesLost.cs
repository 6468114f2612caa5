using System.Globalization;
using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>At most so many messages are lost: those within regions, or those that come from other ones.</summary>
internal sealed record MessagesLost(bool IsLocal, int Most) : Expectation
{
    public override string Key => IsLocal ? "local-lost" : "remote-lost";

    public override string Wanted => string.Create(
        CultureInfo.InvariantCulture,
        $"at most {Most} messages lost {(IsLocal ? "within their region" : "from other regions")}");

    public override Finding Judge(DrillRecord record)
    {
        if (record.Samples is not [.., { } last])
        {
            return new Finding(Verdict.Failed, "nothing was measured");
        }

        long lost = last.Load.Sum(region => IsLocal ? region.LocalLost : region.RemoteLost);
        long received = last.Load.Sum(region => IsLocal ? region.LocalReceived : region.RemoteReceived);
        LoadSample? worst = last.Load.MaxBy(region => IsLocal ? region.LocalLost : region.RemoteLost);
        string where = lost > 0 ? $", most in {worst!.Region}" : "";
        return Finding.If(lost <= Most && received > 0, $"{ScriptText.Number(lost)} lost, {ScriptText.Number(received)} received{where}");
    }
}
