using System.Collections.Concurrent;
using Causeway.Drill.Deployments;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>
/// Runs a script against a deployment: does what is planned when it is due, looks once a second, and keeps what it sees. What goes
/// wrong in a step is noted and the drill goes on.
/// </summary>
internal sealed class DrillRunner
{
    private readonly DrillScript _script;
    private readonly DrillPlan _plan;
    private readonly IDeployment _deployment;
    private readonly ILoad _load;
    private readonly IDrillClock _clock;
    private readonly ActionShell _shell;
    private readonly ActionLanes _lanes;
    private readonly EventLog _events;
    private readonly DrillWatch _watch = new();
    private readonly List<DrillSample> _samples = [];
    private readonly PriorityQueue<PlannedAction, (TimeSpan At, int Order)> _due = new();
    private readonly ConcurrentQueue<PlannedAction> _unplanned = new();
    private TimeSpan _began;
    private Task _sampling = Task.CompletedTask;

    /// <summary>Prepares a run.</summary>
    /// <param name="script">The script as <see cref="DrillSettings.Apply(DrillScript)"/> gives it.</param>
    /// <param name="deployment">A deployment that has started.</param>
    /// <param name="load">Its load, with nothing set yet.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="observer">Who watches.</param>
    public DrillRunner(DrillScript script, IDeployment deployment, ILoad load, IDrillClock clock, IDrillObserver observer)
    {
        _script = script;
        _plan = DrillPlan.Of(script);
        _deployment = deployment;
        _load = load;
        _clock = clock;
        _shell = new ActionShell(deployment, load);
        _events = new EventLog(observer);
        _lanes = new ActionLanes(_shell, (kind, action, text) => Note(kind, text, action.Key, action.Region));
        foreach (PlannedAction action in _plan.Actions)
        {
            _due.Enqueue(action, (action.At, _due.Count));
        }
    }

    private TimeSpan Now => _clock.Now - _began;

    /// <summary>Runs it to its end; once. When it comes back nothing more is done to the deployment, however it ended.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<DrillRecord> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunToEndAsync(cancellationToken);
        }
        finally
        {
            await _lanes.DoneAsync(CancellationToken.None);
            await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<DrillRecord> RunToEndAsync(CancellationToken cancellationToken)
    {
        _began = _clock.Now;
        await WarmUpAsync(cancellationToken);
        _began = _clock.Now;
        Note(EventKind.Phase, $"the script begins; it takes {ScriptText.Span(_plan.Lasts)}");
        await PlayAsync(cancellationToken);
        TimeSpan quietAt = Now;
        TimeSpan? converged = await QuietAsync(quietAt, cancellationToken);
        Note(EventKind.Phase, converged is { } after ? $"everything is known everywhere {ScriptText.Span(after)} after the end" : "the drill is over");
        return new DrillRecord
        {
            Script = _script,
            Bus = _deployment.Bus,
            Events = _events.All(),
            Samples = _samples,
            FinalLoad = _script.Regions.ToDictionary(region => region, region => _plan.LevelAt(region, _plan.Lasts)),
            QuietAt = quietAt,
            ConvergedAfter = converged,
        };
    }

    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        foreach ((LinkChoice link, Shaper.LinkConditions conditions) in _script.Links)
        {
            _shell.Shape(link, conditions);
        }

        Dictionary<string, LoadLevel> levels = _script.Regions.ToDictionary(region => region, region => _script.Load.GetValueOrDefault(region) ?? new LoadLevel());
        Note(EventKind.Phase, "the deployment is up; its load begins");
        await Task.WhenAll(levels.Select(level => _load.SetAsync(level.Key, level.Value, cancellationToken)));
        TimeSpan most = _clock.Now + DrillLimits.WarmUpMost;
        while (!_load.Sample().All(sample => sample.Settled >= levels[sample.Region].Clients && sample.HeldSubscriptions >= levels[sample.Region].HeldSubscriptions))
        {
            if (_clock.Now >= most)
            {
                Note(EventKind.Problem, $"the load is not where it should be after {ScriptText.Span(DrillLimits.WarmUpMost)}: {WarmUpState(levels)}", "load");
                return;
            }

            await _clock.UntilAsync(_clock.Now + DrillLimits.ConvergenceInterval, cancellationToken);
        }
    }

    private string WarmUpState(Dictionary<string, LoadLevel> levels) => string.Join(", ", _load.Sample().Select(sample =>
        $"{sample.Region} {sample.Settled} of {levels[sample.Region].Clients} clients, {sample.HeldSubscriptions} of {levels[sample.Region].HeldSubscriptions} subscriptions"));

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        TimeSpan nextSample = TimeSpan.Zero;
        while (Now < _plan.Lasts)
        {
            while (_unplanned.TryDequeue(out PlannedAction? unplanned))
            {
                _due.Enqueue(unplanned, (unplanned.At, int.MaxValue));
            }

            while (_due.TryPeek(out PlannedAction? action, out _) && action.At <= Now)
            {
                _due.Dequeue();
                Do(action, cancellationToken);
            }

            if (Now >= nextSample)
            {
                StartSample(cancellationToken);
                nextSample += DrillLimits.SampleInterval;
                nextSample = nextSample > Now ? nextSample : Now + DrillLimits.SampleInterval;
            }

            TimeSpan next = _due.TryPeek(out PlannedAction? then, out _) && then.At < nextSample ? then.At : nextSample;
            await _clock.UntilAsync(_began + (next < _plan.Lasts ? next : _plan.Lasts), cancellationToken);
        }

        // What is planned for the very end.
        while (_due.TryDequeue(out PlannedAction? action, out (TimeSpan At, int Order) when) && when.At <= _plan.Lasts)
        {
            Do(action, cancellationToken);
        }

        await _lanes.DoneAsync(cancellationToken);
    }

    private void Do(PlannedAction action, CancellationToken stop)
    {
        if (action.Text is { } text)
        {
            Note(action.Action is null ? EventKind.Note : EventKind.Step, text, action.Key, action.Region);
        }

        _lanes.Do(action, stop);
    }

    /// <summary>Clients stay, but say nothing more and change nothing: what is left is to arrive and to be known everywhere.</summary>
    private async Task<TimeSpan?> QuietAsync(TimeSpan quietAt, CancellationToken cancellationToken)
    {
        Note(EventKind.Phase, "the script is over; the load goes quiet");
        await Task.WhenAll(_script.Regions.Select(region => _load.SetAsync(region, Quiet(_plan.LevelAt(region, _plan.Lasts)), cancellationToken)));
        Task settled = _load.SettleAsync(DrillLimits.SettleMost, cancellationToken);

        TimeSpan most = _script.Expectations.OfType<Expectations.ConvergedWithin>().Select(expected => expected.Most * 2)
            .Concat(_script.Expectations.OfType<Expectations.ClientsBackWithin>().Select(expected => expected.Most)).Append(DrillLimits.ConvergenceMost).Max();
        TimeSpan? converged = null;
        while (true)
        {
            await _sampling;
            StartSample(cancellationToken);
            await _sampling;
            converged ??= _samples.Count > 0 && _samples[^1].At >= quietAt && Convergence.IsReached(_samples[^1], _script.Regions) ? Now - quietAt : null;
            bool isUntold = _samples.Count > 0 && _samples[^1].Nodes.Count > 0 && !Convergence.IsTold(_samples[^1]);
            if (Now - quietAt > most || ((converged is not null || isUntold) && settled.IsCompleted && AreClientsBack()))
            {
                break;
            }

            await _clock.UntilAsync(_clock.Now + DrillLimits.ConvergenceInterval, cancellationToken);
        }

        await settled;
        StartSample(cancellationToken);
        await _sampling;
        return converged;
    }

    /// <summary>True if all clients are connected, where that is expected: those that pause between two attempts still have the time that they were given.</summary>
    private bool AreClientsBack() => !_script.Expectations.OfType<Expectations.ClientsBackWithin>().Any()
        || _load.Sample().All(load => load.Connected >= _plan.LevelAt(load.Region, _plan.Lasts).Clients);

    private static LoadLevel Quiet(LoadLevel level) =>
        level with { LocalMessagesPerSecond = 0, GlobalMessagesPerSecond = 0, CallsPerSecond = 0, ChurnPerSecond = 0 };

    /// <summary>One sample at a time: a deployment that is slow to answer must not hold up the steps.</summary>
    private void StartSample(CancellationToken cancellationToken)
    {
        if (_sampling.IsCompleted && _samples.Count < DrillLimits.SamplesMax)
        {
            _sampling = SampleAsync(Now, cancellationToken);
        }
    }

    private async Task SampleAsync(TimeSpan at, CancellationToken cancellationToken)
    {
        IReadOnlyList<NodeSample> nodes;
        try
        {
            nodes = await _deployment.SampleAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or InvalidOperationException or System.Text.Json.JsonException)
        {
            Note(EventKind.Warning, $"no sample: {ScriptText.OneLine(problem.Message)}");
            return;
        }

        DrillSample sample = new()
        {
            At = at,
            Nodes = nodes,
            Processes = [.. _deployment.Nodes.Select(node => new NodeProcess(node.Name, node.Region, node.ProcessId, node.Death))],
            Load = _load.Sample(),
        };
        _samples.Add(sample);
        foreach (DrillEvent what in _watch.Take(sample))
        {
            _events.Add(what);
            if (what.Kind == EventKind.Death && _script.RestartAfterDeath is { } pause)
            {
                Supervise(what, at + (pause / _script.TimeScale));
            }
        }

        _events.Show(sample);
    }

    /// <summary>Plans what a supervisor does with a process that died: it starts it again.</summary>
    private void Supervise(DrillEvent death, TimeSpan at)
    {
        int number = _deployment.Nodes.Where(node => node.Region == death.Region).TakeWhile(node => node.Name != death.Node).Count() + 1;
        PlannedAction restart = new(at, "restart-after-death", $"{death.Node} is started again by its supervisor", new RestartNode(new NodeChoice(death.Region, number)));
        _unplanned.Enqueue(restart);
    }

    private void Note(EventKind kind, string text, string key = "", string? region = null) =>
        _events.Add(new DrillEvent { At = Now, Kind = kind, Text = text, Key = key, Region = region ?? "" });
}
