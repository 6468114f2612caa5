namespace Causeway.Compare;

/// <summary>A scenario's rounds on each server, or why a server has none.</summary>
internal sealed class ScenarioOutcome(Scenario scenario)
{
    private readonly Dictionary<string, List<Measurement>> _rounds = [];
    private readonly Dictionary<string, string> _failures = [];

    public Scenario Scenario { get; } = scenario;

    public IReadOnlyDictionary<string, string> Failures => _failures;

    public void Add(string server, Measurement round)
    {
        if (!_rounds.TryGetValue(server, out List<Measurement>? rounds))
        {
            _rounds[server] = rounds = [];
        }

        rounds.Add(round);
    }

    public void Fail(string server, string why) => _failures.TryAdd(server, why);

    public IReadOnlyList<Measurement> Rounds(string server) => _rounds.TryGetValue(server, out List<Measurement>? rounds) ? rounds : [];

    /// <summary>The median over the rounds, or null where a round failed.</summary>
    public Measurement? Median(string server) =>
        _failures.ContainsKey(server) || Rounds(server).Count == 0 ? null : Measurement.Median(Rounds(server));
}
