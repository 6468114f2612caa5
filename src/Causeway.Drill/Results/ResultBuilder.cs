using System.Globalization;
using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;

namespace Causeway.Drill.Results;

/// <summary>Judges a run and writes it down.</summary>
internal static class ResultBuilder
{
    public static DrillResult Of(DrillRecord record, RunFacts facts)
    {
        Outcome[] outcomes = [.. record.Script.Expectations.Prepend(new StepsDone()).Select(expected => expected.Of(record))];
        ResultSeries series = SeriesBuilder.Of(record);
        return new DrillResult
        {
            Format = DrillResult.CurrentFormat,
            Drill = record.Script.Name,
            Description = record.Script.Description,
            Story = record.Script.Story,
            Bus = record.Bus,
            Version = facts.Version,
            StartedAt = facts.StartedAt,
            Command = facts.Command,
            Machine = facts.Machine,
            StartsAt = record.Script.StartsAt?.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            TimeScale = record.Script.TimeScale,
            Size = facts.Size,
            Seed = record.Script.Seed,
            MemoryLimitBytes = record.Script.MemoryLimitBytes,
            NodesPerRegion = record.Script.NodesPerRegion,
            Regions = record.Script.Regions,
            Links = [.. record.Script.Links.Select(link => $"{link.Link}: {StepWords.Say(link.Conditions)}")],
            QuietAtSeconds = record.QuietAt.TotalSeconds,
            ConvergedAfterSeconds = record.ConvergedAfter?.TotalSeconds,
            IsMet = outcomes.All(outcome => outcome.Verdict != Verdict.Failed),
            Expectations = outcomes,
            Figures = FigureBuilder.Of(record, series),
            Events = [.. record.Events.Select(what => new ResultEvent(what.At.TotalSeconds, what.Kind, what.Text, what.Key, what.Region, what.Node))],
            Series = series,
        };
    }
}

/// <summary>What a run itself does not know. Immutable.</summary>
internal sealed record RunFacts
{
    /// <summary>The bus's version.</summary>
    public required string Version { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The command line.</summary>
    public required string Command { get; init; }

    /// <summary>The machine, line by line.</summary>
    public required IReadOnlyList<string> Machine { get; init; }

    /// <summary>What all loads were multiplied with.</summary>
    public required double Size { get; init; }
}
