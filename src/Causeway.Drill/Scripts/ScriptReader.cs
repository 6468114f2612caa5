using Causeway.Drill.Expectations;
using Causeway.Drill.Load;

namespace Causeway.Drill.Scripts;

/// <summary>Reads a drill's file.</summary>
internal static class ScriptReader
{
    /// <summary>Reads a text.</summary>
    /// <param name="file">What it is called in error lines.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ScriptException">Something is wrong; the message says where, what, and what is accepted.</exception>
    public static DrillScript Read(string file, string text)
    {
        ScriptSection top = new(file, ScriptTree.Read(file, text), "");
        string name = top.Required("name", ValueKinds.Name);
        string description = top.Required("description", ValueKinds.Text);
        TimeOnly? startsAt = top.Optional("starts-at", ValueKinds.Clock);
        TimeSpan lasts = Lasts(top);
        IReadOnlyList<string> regions = Regions(top);
        StepReader steps = new(file, regions, startsAt, lasts);
        LinkReader links = new(file, regions);
        ExpectationReader expectations = new(file, regions);
        DrillScript script = new()
        {
            Name = name,
            Description = description,
            Story = Story(text),
            StartsAt = startsAt,
            Lasts = lasts,
            Regions = regions,
            TimeScale = top.Or("time-scale", ValueKinds.Number(1, ScriptLimits.TimeScaleMax), 1),
            Seed = top.Or("seed", ValueKinds.Seed, 1),
            NodesPerRegion = top.Or("nodes", ValueKinds.Whole(1, ScriptLimits.NodesPerRegionMax), 2),
            MemoryLimitBytes = top.Required("memory-limit", ValueKinds.MemoryLimit),
            RestartAfterDeath = top.Optional("restart-after-death", ValueKinds.Time),
            Links = top.Items("links", LinkReader.Accepted, (node, path) => links.Conditions(ScriptSection.Of(file, node, path, LinkReader.Accepted))),
            Load = Load(top, regions),
            Steps = [.. top.Items("steps", StepReader.Accepted, steps.Read).OrderBy(step => step.At)],
            Expectations = top.Items("expect", ExpectationReader.Accepted, expectations.Read),
        };
        top.End();
        if (script.Expectations.Count == 0)
        {
            throw top.Wrong("expect", "nothing is expected", ExpectationReader.Accepted);
        }

        if (script.Lasts / script.TimeScale > ScriptLimits.RealTimeMax)
        {
            throw top.Wrong("time-scale", "the drill would take too long", $"a scale at which it takes up to {ScriptText.Span(ScriptLimits.RealTimeMax)}");
        }

        return script;
    }

    private static TimeSpan Lasts(ScriptSection top)
    {
        TimeSpan lasts = top.Required("lasts", ValueKinds.PositiveTime);
        return lasts <= ScriptLimits.LastsMax ? lasts : throw top.Wrong("lasts", "is too long", $"a time up to {ScriptText.Span(ScriptLimits.LastsMax)}");
    }

    private static IReadOnlyList<string> Regions(ScriptSection top)
    {
        IReadOnlyList<string> regions = top.List("regions", ValueKinds.Name, 1, ScriptLimits.RegionsMax);
        return regions.Distinct().Count() == regions.Count ? regions : throw top.Wrong("regions", "a name stands twice", "different names");
    }

    private static Dictionary<string, LoadLevel> Load(ScriptSection top, IReadOnlyList<string> regions)
    {
        Dictionary<string, LoadLevel> levels = [];
        if (top.Section("load", "a region's name with its load for each region") is { } load)
        {
            foreach (string region in regions)
            {
                if (load.Section(region, LoadReader.Accepted) is { } level)
                {
                    levels[region] = LoadReader.Level(level);
                }
            }

            load.End();
        }

        return levels;
    }

    /// <summary>The comment lines that the file begins with.</summary>
    private static string Story(string text) => string.Join(
        '\n',
        text.Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line[1..].Trim()));
}
