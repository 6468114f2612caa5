namespace Causeway.Drill.Scripts;

/// <summary>Reads the steps of a script: each has a moment, a note or an action, and one action at most.</summary>
internal sealed class StepReader(string file, IReadOnlyList<string> regions, TimeOnly? startsAt, TimeSpan lasts)
{
    /// <summary>What a step does, by its key.</summary>
    private static readonly string[] Actions =
    [
        "shape", "stall", "unstall", "cut", "flap", "load", "kill", "restart", "drain-node", "add-node",
        "drain-region", "kill-region", "restart-region", "memory-limit",
    ];

    private readonly LinkReader _links = new(file, regions);

    /// <summary>What a step is, for error lines.</summary>
    public static string Accepted => $"each with at, a note where wanted, and one of {string.Join(", ", Actions)}";

    /// <summary>One step.</summary>
    public DrillStep Read(ScriptNode node, string path)
    {
        ScriptSection section = ScriptSection.Of(file, node, path, Accepted);
        TimeSpan at = section.Required("at", ValueKinds.Moment(startsAt));
        if (at > lasts)
        {
            throw section.Wrong("at", $"{ScriptText.Span(at)} after the start is behind the drill's end", $"a moment up to its end after {ScriptText.Span(lasts)}");
        }

        string? note = section.OptionalText("note", ValueKinds.Text);
        string[] actions = [.. section.Keys.Where(Actions.Contains)];
        if (section.Keys.FirstOrDefault(key => key is not ("at" or "note") && !Actions.Contains(key)) is { } unknown)
        {
            throw section.Wrong(unknown, "is not a key here", $"at, note, {string.Join(", ", Actions)}");
        }

        if (actions.Length > 1 || (actions.Length == 0 && note is null))
        {
            throw section.Wrong("at", actions.Length == 0 ? "the step does nothing" : $"the step does {string.Join(" and ", actions)}", Accepted);
        }

        return new DrillStep(at, note, actions.Length == 0 ? null : Action(section, actions[0], ((ScriptMap)node).Entries[actions[0]], path));
    }

    private StepAction Action(ScriptSection section, string key, ScriptNode node, string path) => key switch
    {
        "shape" when _links.Conditions(Inner(section, key, LinkReader.Accepted)) is var (link, conditions) => new ShapeLink(link, conditions),
        "stall" => new StallLink(_links.Link(node, $"{path}.{key}")),
        "unstall" => new UnstallLink(_links.Link(node, $"{path}.{key}")),
        "cut" => new CutLink(_links.Link(node, $"{path}.{key}")),
        "flap" => Flap(Inner(section, key, "between, times, over, and stall-for where it is not cut")),
        "load" => Load(Inner(section, key, $"region, over where it is no jump, and {LoadReader.Accepted}")),
        "kill" => new KillNode(section.Required(key, ValueKinds.Node(regions))),
        "restart" => new RestartNode(section.Required(key, ValueKinds.Node(regions))),
        "drain-node" => new DrainNode(section.Required(key, ValueKinds.Node(regions))),
        "add-node" => new AddNode(section.Required(key, ValueKinds.OneOf(regions))),
        "drain-region" => new DrainRegion(section.Required(key, ValueKinds.OneOf(regions))),
        "kill-region" => new KillRegion(section.Required(key, ValueKinds.OneOf(regions))),
        "restart-region" => new RestartRegion(section.Required(key, ValueKinds.OneOf(regions))),
        _ => Limit(Inner(section, key, "region and bytes")),
    };

    private static ScriptSection Inner(ScriptSection section, string key, string accepted) => section.Section(key, accepted)!;

    private FlapLink Flap(ScriptSection section)
    {
        FlapLink flap = new(
            _links.Link(section),
            section.Required("times", ValueKinds.Whole(1, ScriptLimits.FlapsMax)),
            section.Required("over", ValueKinds.PositiveTime),
            section.Optional("stall-for", ValueKinds.PositiveTime));
        section.End();
        return !flap.Link.IsOneWay ? flap : throw section.Wrong("from", "a link flaps both ways", "between");
    }

    private ChangeLoad Load(ScriptSection section)
    {
        ChangeLoad load = new(
            section.Required("region", ValueKinds.OneOf(regions)), LoadReader.Change(section), section.Or("over", ValueKinds.Time, TimeSpan.Zero));
        section.End();
        return load.Change != new LoadChange() ? load : throw section.Wrong("region", "nothing is changed", LoadReader.Accepted);
    }

    private SetMemoryLimit Limit(ScriptSection section)
    {
        SetMemoryLimit limit = new(section.Required("region", ValueKinds.OneOf(regions)), section.Required("bytes", ValueKinds.MemoryLimit));
        section.End();
        return limit;
    }
}
