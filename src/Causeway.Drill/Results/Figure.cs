namespace Causeway.Drill.Results;

/// <summary>A number that says something of a run and can be set beside that of another run. Immutable.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Label">Its name for people, with what it is of.</param>
/// <param name="Value">The number; null where the bus has nothing to tell it from.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Better">Whether more or less of it is good.</param>
internal sealed record Figure(string Key, string Label, double? Value, FigureUnit Unit, FigureBetter Better);

/// <summary>Units of figures.</summary>
internal enum FigureUnit
{
    /// <summary>Things.</summary>
    Count,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Seconds of the machine's clock.</summary>
    Seconds,

    /// <summary>Seconds of the script's clock.</summary>
    ScriptSeconds,

    /// <summary>A share of one.</summary>
    Share,
}

/// <summary>Which way a figure is good.</summary>
internal enum FigureBetter
{
    /// <summary>Less is better.</summary>
    Lower,

    /// <summary>More is better.</summary>
    Higher,

    /// <summary>Neither.</summary>
    Neither,
}
