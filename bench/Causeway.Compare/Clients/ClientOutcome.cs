namespace Causeway.Compare.Clients;

/// <summary>The rounds of a load on one server with each client.</summary>
internal sealed class ClientOutcome(ClientScenario scenario, string server) : Outcome($"{scenario.Name}@{server}", scenario.Title)
{
    public ClientScenario Scenario => scenario;

    public string Server => server;
}
