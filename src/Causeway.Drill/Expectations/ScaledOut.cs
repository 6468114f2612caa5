using Causeway.Drill.Engine;

namespace Causeway.Drill.Expectations;

/// <summary>Nodes that a step adds to a region live at the end and have taken clients.</summary>
internal sealed record ScaledOut(string Region) : Expectation
{
    private const int LeastClients = 40;

    public override string Key => "scaled-out";

    public override string Wanted => $"nodes added to {Region} live and have taken clients";

    public override Finding Judge(DrillRecord record)
    {
        if (record.Samples is not [{ } first, .., { } last])
        {
            return new Finding(Verdict.Failed, "nothing was measured");
        }

        string[] added = [.. last.Processes.Where(node => node.Region == Region && first.Processes.All(old => old.Node != node.Node)).Select(node => node.Node)];
        string[] words = [.. added.Select(node => $"{node} has {last.Of(node)?.Clients.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer and so no"} clients")];
        bool live = added.Length > 0 && added.All(node => last.Of(node) is not null);
        bool hasNone = added.Any(node => last.Of(node) is { Clients: 0 });
        if (live && hasNone && last.Nodes.Where(node => last.Processes.Any(process => process.Node == node.Node && process.Region == Region)).Sum(node => node.Clients) < LeastClients)
        {
            return new Finding(Verdict.NotTold, $"{string.Join(", ", words)}: the region has too few clients for each node to get one by chance");
        }

        return Finding.If(
            added.Length > 0 && added.All(node => last.Of(node) is { Clients: > 0 }), added.Length == 0 ? "none was added" : string.Join(", ", words));
    }
}
