using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Routing;

/// <summary>Several clients do anything they like; what each of them receives, after every step, is what a naive bus allows.</summary>
public sealed class RoutingModelTests
{
    [Fact]
    public void Every_client_receives_what_it_should_and_nothing_else() =>
        Gen.Select(Gen.Int[0, 1000], BusStep.Any.Array[1, 60]).Sample(
            (seed, steps) => Run(seed, steps),
            iter: 5000);

    /// <summary>Long courses fill the tables and the cache more than short ones, at the price of worse shrinking.</summary>
    [Fact]
    public void Also_over_long_courses() => Gen.Select(Gen.Int[0, 1000], BusStep.Any.Array[2000]).Sample((seed, steps) => Run(seed, steps), iter: 20);

    private static void Run(int seed, BusStep[] steps)
    {
        TestNode node = new(seed: seed);
        TestClient[] clients = [.. Enumerable.Range(0, BusStep.Clients).Select(_ => node.Connect())];
        BusModel model = new(BusStep.Clients);
        foreach (BusStep step in steps)
        {
            if (step.Kind == BusStepKind.Disconnect)
            {
                clients[step.Client].Disconnect();
                clients[step.Client] = node.Connect();
            }
            else
            {
                clients[step.Client].Send(step.Line(model[step.Client].Headers));
            }

            model.Apply(step, [.. clients.Select(client => client.Read())]);
        }

        Assert.All(clients, client => client.Disconnect());
        node.AssertNothingHeld();
    }
}
