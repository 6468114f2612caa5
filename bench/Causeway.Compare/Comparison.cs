namespace Causeway.Compare;

/// <summary>
/// Runs all scenarios: a fresh process of each server in turn for each round, in alternating order, so that what else the machine
/// does meets all alike.
/// </summary>
internal sealed class Comparison(CompareSettings settings, TextWriter log)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, string> _versions = [];

    /// <summary>The version that each server gave in its INFO.</summary>
    public IReadOnlyDictionary<string, string> Versions => _versions;

    public List<ScenarioOutcome> Run()
    {
        List<ScenarioOutcome> outcomes = [];
        foreach (Scenario scenario in settings.Scenarios)
        {
            ScenarioOutcome outcome = new(scenario);
            outcomes.Add(outcome);
            for (int round = 0; round < settings.Rounds; round++)
            {
                IEnumerable<ServerKind> servers = round % 2 == 0 ? settings.Servers : settings.Servers.Reverse();
                foreach (ServerKind server in servers.Where(server => !outcome.Failures.ContainsKey(server.Name)))
                {
                    log.Write($"{scenario.Name}, round {round + 1} of {settings.Rounds}, {server.Name}: ");
                    Measure(outcome, server);
                }
            }
        }

        return outcomes;
    }

    private void Measure(ScenarioOutcome outcome, ServerKind kind)
    {
        try
        {
            Measurement measurement = RunningServer.Measure(
                kind, _versions, server => outcome.Scenario.Client == ClientKind.None ? Idle(server) : LoadClient.Run(outcome.Scenario, server, settings));
            outcome.Add(kind.Name, measurement);
            log.WriteLine(Report.Line(measurement));
        }
        catch (CompareException e)
        {
            outcome.Fail(kind.Name, e.Message);
            log.WriteLine($"failed: {e.Message}");
        }
    }

    private static Measurement Idle(RunningServer server)
    {
        Measurement measurement = new();
        measurement.Set(Metric.ReadyMilliseconds, server.ReadyMilliseconds);
        Thread.Sleep(IdleTime);
        measurement.Set(Metric.RssBytes, server.ResidentBytes());
        return measurement;
    }
}
