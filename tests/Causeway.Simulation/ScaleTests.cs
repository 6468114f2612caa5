using System.Diagnostics;
using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Simulation.World;
using Xunit;

namespace Causeway.Simulation;

/// <summary>
/// Thirty regions that tell each other what they want, each to each, over slow links. CAUSEWAY_SCALE_LITERALS=n sets how many literals
/// there are in total (docs/scale.md is made with 10,000,000, which takes minutes and several gigabytes).
/// </summary>
public sealed class ScaleTests
{
    private const int Regions = 30;
    private const int DefaultLiterals = 60_000;
    private const long BytesPerSecond = 1_250_000;
    private const long StepMilliseconds = 100;
    private static readonly ulong FingerprintMask = (1UL << FingerprintKey.Bits) - 1;

    [Fact]
    public void Thirty_regions_know_what_the_others_want_when_the_links_have_carried_it()
    {
        int total = int.TryParse(Environment.GetEnvironmentVariable("CAUSEWAY_SCALE_LITERALS"), out int wanted) ? wanted : DefaultLiterals;
        int each = total / Regions;
        Stopwatch watch = Stopwatch.StartNew();
        SimWorld world = new(seed: 30, Regions, 1, new LinkLimits());
        foreach (SimPlace from in world.Places)
        {
            foreach (SimPlace to in world.Places.Where(to => to != from))
            {
                world.Wire(from, to).BytesPerSecond = BytesPerSecond;
            }
        }

        // First the links, then the literals: the time measured is that of the telling.
        world.Clock.RunUntil(10_000);
        Random random = new(7);
        foreach (SimNode node in world.Nodes)
        {
            for (int i = 0; i < each; i++)
            {
                ulong fingerprint = (ulong)random.NextInt64() & FingerprintMask;
                node.Own.Public.AddLiteral(fingerprint);
                node.Own.Region.AddLiteral(fingerprint);
            }
        }

        long start = world.Clock.Now;
        long bytesBefore = world.BytesOnWires;
        long bytes = each * 29L * Regions * 4;
        long bound = start + 5000 + (2 * bytes / Regions / 29 * 1000 / BytesPerSecond) + 2000;
        while (!Agree(world) && world.Clock.Now < bound)
        {
            world.Clock.RunUntil(world.Clock.Now + StepMilliseconds);
        }

        Assert.True(Agree(world), $"not agreed after {world.Clock.Now - start} ms, the bound is {bound - start} ms");
        long told = (long)each * Regions * (Regions - 1);
        double perLiteral = (double)(world.BytesOnWires - bytesBefore) / told;
        long memory = world.Nodes.Max(node => node.Context.Budget.Total);
        TestContext.Current.SendDiagnosticMessage(
            $"{Regions} regions, {each * Regions:N0} literals: agreed after {world.Clock.Now - start} ms of virtual time at {BytesPerSecond:N0} B/s, "
            + $"{perLiteral:F2} B on the wire per literal told, {memory:N0} B booked at the fullest node ({(double)memory / (each * (Regions + 1)):F1} B per literal held), "
            + $"{watch.Elapsed.TotalSeconds:F0} s of real time");
        double theory = (FingerprintKey.Bits + 1.5 - Math.Log2(each)) / 8;
        Assert.True(perLiteral <= (theory * 1.25) + 1, $"{perLiteral:F2} bytes on the wire for each literal told, {theory:F2} is the least");
        foreach (SimNode node in world.Nodes)
        {
            // No client stands behind these, who would take them back.
            node.Own.Public.RemoveSome(int.MaxValue);
            node.Own.Region.RemoveSome(int.MaxValue);
            Assert.Null(node.End());
        }
    }

    private static bool Agree(SimWorld world) => world.Nodes.All(node =>
    {
        List<InterestSource> sources = [.. node.Mesh.Interest.Sources.Where(source => source.IsRouted)];
        return sources.Count == Regions - 1
            && sources.All(source => world.At($"{source.Region}n0:1") is { } other
                && source.Tables.Sum(table => table.Table.Literals) == other.Own.Region.Literals);
    });
}
