using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>
/// What happens when in a run: times scaled, ramps and flaps spread out, choices made from the seed. The same script gives the same
/// plan. Immutable.
/// </summary>
internal sealed class DrillPlan
{
    private static readonly TimeSpan RampInterval = TimeSpan.FromSeconds(1);

    private readonly DrillScript _script;
    private readonly Random _random;
    private readonly List<PlannedAction> _actions = [];
    private readonly Dictionary<string, LoadRamp> _ramps;

    private DrillPlan(DrillScript script)
    {
        _script = script;
        _random = new Random(script.Seed);
        _ramps = script.Regions.ToDictionary(region => region, region => LoadRamp.Flat(script.Load.GetValueOrDefault(region) ?? new LoadLevel()));
    }

    /// <summary>The actions in the order of time.</summary>
    public IReadOnlyList<PlannedAction> Actions => _actions;

    /// <summary>How long the script takes on this machine's clock.</summary>
    public TimeSpan Lasts => Scaled(_script.Lasts);

    /// <summary>Plans a script as <see cref="DrillSettings.Apply(DrillScript)"/> gives it.</summary>
    public static DrillPlan Of(DrillScript script)
    {
        DrillPlan plan = new(script);
        foreach (DrillStep step in script.Steps)
        {
            plan.Add(step);
        }

        List<PlannedAction> ordered = [.. plan._actions.OrderBy(action => action.At)];
        plan._actions.Clear();
        plan._actions.AddRange(ordered);
        return plan;
    }

    /// <summary>What a region's load is meant to be at a moment.</summary>
    public LoadLevel LevelAt(string region, TimeSpan at) => _ramps[region].LevelAt(at);

    private TimeSpan Scaled(TimeSpan time) => time / _script.TimeScale;

    private void Add(DrillStep step)
    {
        TimeSpan at = Scaled(step.At);
        if (step.Note is { } note)
        {
            _actions.Add(new PlannedAction(at, "note", note, null));
        }

        switch (step.Action)
        {
            case null:
                break;
            case ChangeLoad load:
                AddRamp(at, load);
                break;
            case FlapLink flap:
                AddFlaps(at, flap);
                break;
            case { } action:
                StepAction chosen = Choose(action);
                _actions.Add(new PlannedAction(at, StepWords.Key(chosen), StepWords.Say(chosen), chosen));
                break;
        }
    }

    private void AddRamp(TimeSpan at, ChangeLoad load)
    {
        TimeSpan over = Scaled(load.Over);
        LoadRamp ramp = _ramps[load.Region].Then(load.Change, at, over);
        _ramps[load.Region] = ramp;
        _actions.RemoveAll(action => action.Action is SetLoad set && set.Region == load.Region && action.At > at);

        int parts = Math.Max(1, (int)Math.Ceiling(over / RampInterval));
        for (int i = 1; i <= parts; i++)
        {
            TimeSpan then = at + (over * i / parts);
            string? text = i == 1 ? StepWords.Say(load) : null;

            // The first part begins at once: a ramp that is announced has begun.
            _actions.Add(new PlannedAction(i == 1 ? at : then, "load", text, new SetLoad(load.Region, ramp.LevelAt(then))));
        }
    }

    private void AddFlaps(TimeSpan at, FlapLink flap)
    {
        TimeSpan slot = Scaled(flap.Over) / flap.Times;
        for (int i = 0; i < flap.Times; i++)
        {
            TimeSpan then = at + (slot * (i + (0.5 * _random.NextDouble())));
            string? text = i == 0 ? StepWords.Say(flap) : null;
            if (flap.StallFor is { } stall)
            {
                _actions.Add(new PlannedAction(then, "flap", text, new StallLink(flap.Link)));
                TimeSpan end = then + TimeSpan.FromTicks(Math.Min(Scaled(stall).Ticks, slot.Ticks / 2));
                _actions.Add(new PlannedAction(end, "flap", null, new UnstallLink(flap.Link)));
            }
            else
            {
                _actions.Add(new PlannedAction(then, "flap", text, new CutLink(flap.Link)));
            }
        }
    }

    private StepAction Choose(StepAction action) => action switch
    {
        KillNode kill => kill with { Node = Choose(kill.Node) },
        RestartNode restart => restart with { Node = Choose(restart.Node) },
        DrainNode drain => drain with { Node = Choose(drain.Node) },
        _ => action,
    };

    private NodeChoice Choose(NodeChoice node) => node with { Number = node.Number ?? (_random.Next(_script.NodesPerRegion) + 1) };
}
