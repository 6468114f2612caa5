namespace Causeway.Drill.Report;

/// <summary>Lines over time. Immutable.</summary>
internal sealed record Chart
{
    private const double LimitRoom = 1.05;

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>What it is of, where several charts share a title: a region, say.</summary>
    public string Of { get; init; } = "";

    /// <summary>How values are written.</summary>
    public required Func<double, string> Say { get; init; }

    /// <summary>True if the values are bytes, whose ticks are multiples of 1024.</summary>
    public bool IsBytes { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<ChartLine> Lines { get; init; }

    /// <summary>When each value of the lines is, in seconds.</summary>
    public required IReadOnlyList<double> AtSeconds { get; init; }

    /// <summary>Moments marked by upright lines.</summary>
    public required IReadOnlyList<ChartMark> Marks { get; init; }

    /// <summary>Writes moments.</summary>
    public required Func<double, string> Clock { get; init; }

    /// <summary>The largest value to show: that of all lines, and a limit's least, since a limit that is far above them says nothing.</summary>
    public double Most => Lines
        .Select(line => line.Values.OfType<double>().DefaultIfEmpty(0))
        .Zip(Lines, (values, line) => line.IsLimit ? values.Min() * LimitRoom : values.Max())
        .DefaultIfEmpty(0).Max();

    /// <summary>The last moment.</summary>
    public double LastSecond => AtSeconds.Count == 0 ? 1 : AtSeconds[^1];
}

/// <summary>A line: null values are gaps.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Look">Its class in the style: <c>s0</c> to <c>s7</c>, with <c>dash</c> or <c>limit</c>.</param>
/// <param name="Values">Its values.</param>
internal sealed record ChartLine(string Name, string Look, IReadOnlyList<double?> Values)
{
    /// <summary>The look of a limit.</summary>
    public const string Limit = "limit";

    /// <summary>True for a limit of the others.</summary>
    public bool IsLimit => Look == Limit;
}

/// <summary>A marked moment.</summary>
/// <param name="AtSeconds">When.</param>
/// <param name="Look">Its class in the style: <c>step</c>, <c>alarm</c> or <c>death</c>.</param>
/// <param name="Number">Its number in the timeline.</param>
/// <param name="Text">What it is.</param>
internal sealed record ChartMark(double AtSeconds, string Look, int Number, string Text);
