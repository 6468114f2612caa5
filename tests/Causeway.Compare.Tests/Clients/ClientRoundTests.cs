using Causeway.Compare.Clients;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Compare.Tests.Clients;

/// <summary>Each load with each client, as real processes on a real server, for a moment.</summary>
public sealed class ClientRoundTests
{
    private const string DebianPath = "/usr/sbin/nats-server";

    public static TheoryData<string> Loads => [.. ClientScenario.All.Where(scenario => scenario.Size == 128).Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Loads))]
    public void Every_client_does_every_load_and_tells_the_same_figures(string load)
    {
        ClientScenario scenario = ClientScenario.All.Single(scenario => scenario.Name == load);
        Metric[] both = [Metric.OtherCpuUs, Metric.OtherRssBytes];
        Metric[] more = scenario.Kind switch
        {
            ClientLoadKind.OneToOne => both,
            ClientLoadKind.Request => [.. both, Metric.P50Us, Metric.P99Us],
            ClientLoadKind.FanIn => [Metric.HeldBackShare],
            _ => [],
        };
        foreach (ClientProgram program in ClientPrograms.Find(Root(), ClientProgram.Names))
        {
            using RunningServer server = RunningServer.Start(Server(), FreePorts.Take());
            Measurement measurement = new ClientRound(scenario, program, server.Port, Settings()).Run();
            Assert.Equal(new[] { Metric.Rate, Metric.CpuUs, Metric.RssBytes }.Concat(more).Order(), measurement.Figures.Keys.Order());
            Assert.All(measurement.Figures.Where(figure => figure.Key != Metric.HeldBackShare), figure => Assert.True(figure.Value > 0, $"{program.Name}: {figure.Key} is {figure.Value}"));
        }
    }

    [Fact]
    public void A_program_that_can_not_connect_fails_with_its_own_words()
    {
        int nobody = FreePorts.Take();
        foreach (ClientProgram program in ClientPrograms.Find(Root(), ClientProgram.Names))
        {
            CompareException failure = Assert.Throws<CompareException>(() => new ClientRound(ClientScenario.All[0], program, nobody, Settings()).Run());
            Assert.StartsWith($"the publish program ended with code 1: {program.Name}:", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_client_that_there_is_not_is_named()
    {
        CompareException failure = Assert.Throws<CompareException>(() => ClientPrograms.Find(Root(), ["nats.rs"]));
        Assert.Equal("no client is called nats.rs; there are Causeway.Client, libnats, nats.js", failure.Message);
    }

    private static ServerKind Server() => File.Exists(DebianPath)
        ? ServerKind.NatsServer with { Command = port => [DebianPath, .. ServerKind.NatsServer.Command(port).Skip(1)] }
        : ServerKind.NatsServer;

    private static ClientSettings Settings() => new()
    {
        Servers = [],
        Clients = [],
        Scenarios = [],
        Rounds = 1,
        WarmupSeconds = 0.05,

        // Long enough that something is counted on a machine where three processes are not let run at once, or not at all for a moment.
        Seconds = 0.5,
        CausewayDll = "",
    };

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Causeway.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
