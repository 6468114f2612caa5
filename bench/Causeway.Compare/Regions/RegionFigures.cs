namespace Causeway.Compare.Regions;

/// <summary>What a run of a scenario found, in the order of the table: a figure has a name with its unit, and no value where it never came about.</summary>
internal sealed class RegionFigures
{
    private readonly List<(string Name, double? Value)> _figures = [];

    public IReadOnlyList<(string Name, double? Value)> All => _figures;

    public void Add(string name, double? value) => _figures.Add((name, value));

    public double? this[string name] => _figures.Find(figure => figure.Name == name).Value;
}
