namespace Causeway.Compare.Clients;

/// <summary>
/// Runs all loads with each client in turn, in alternating order, each time on a fresh server and with fresh processes of the client.
/// </summary>
internal sealed class ClientComparison(ClientSettings settings, TextWriter log)
{
    private readonly Dictionary<string, string> _versions = [];

    /// <summary>The version that each server gave in its INFO.</summary>
    public IReadOnlyDictionary<string, string> Versions => _versions;

    public List<ClientOutcome> Run()
    {
        List<ClientOutcome> outcomes = [];
        foreach (ServerKind server in settings.Servers)
        {
            foreach (ClientScenario scenario in settings.Scenarios)
            {
                ClientOutcome outcome = new(scenario, server.Name);
                outcomes.Add(outcome);
                Measure(outcome, server);
            }
        }

        return outcomes;
    }

    private void Measure(ClientOutcome outcome, ServerKind server)
    {
        for (int round = 0; round < settings.Rounds; round++)
        {
            IEnumerable<ClientProgram> clients = round % 2 == 0 ? settings.Clients : settings.Clients.Reverse();
            foreach (ClientProgram client in clients.Where(client => !outcome.Failures.ContainsKey(client.Name)))
            {
                log.Write($"{outcome.Name}, round {round + 1} of {settings.Rounds}, {client.Name}: ");
                Measure(outcome, server, client);
            }
        }
    }

    private void Measure(ClientOutcome outcome, ServerKind kind, ClientProgram client)
    {
        try
        {
            Measurement measurement = RunningServer.Measure(kind, _versions, server => new ClientRound(outcome.Scenario, client, server.Port, settings).Run());
            outcome.Add(client.Name, measurement);
            log.WriteLine(Report.Line(measurement));
        }
        catch (CompareException e)
        {
            outcome.Fail(client.Name, e.Message);
            log.WriteLine($"failed: {e.Message}");
        }
    }
}
