namespace Causeway.Compare;

/// <summary>The rounds of one load on each of those that are compared, or why one has none.</summary>
internal class Outcome(string name, string title)
{
    private readonly Dictionary<string, List<Measurement>> _rounds = [];
    private readonly Dictionary<string, string> _failures = [];

    public string Name => name;

    public string Title => title;

    public IReadOnlyDictionary<string, string> Failures => _failures;

    public void Add(string compared, Measurement round)
    {
        if (!_rounds.TryGetValue(compared, out List<Measurement>? rounds))
        {
            _rounds[compared] = rounds = [];
        }

        rounds.Add(round);
    }

    public void Fail(string compared, string why) => _failures.TryAdd(compared, why);

    public IReadOnlyList<Measurement> Rounds(string compared) => _rounds.TryGetValue(compared, out List<Measurement>? rounds) ? rounds : [];

    /// <summary>The median over the rounds, or null where a round failed.</summary>
    public Measurement? Median(string compared) =>
        _failures.ContainsKey(compared) || Rounds(compared).Count == 0 ? null : Measurement.Median(Rounds(compared));
}
