namespace Causeway.Drill.Engine;

/// <summary>
/// Does actions: those on links at once, those that take time one after the other within their lane, lanes beside each other. What goes
/// wrong is told and nothing else.
/// </summary>
internal sealed class ActionLanes(ActionShell shell, Action<EventKind, PlannedAction, string> tell)
{
    private readonly Dictionary<string, Task> _lanes = [];
    private readonly Dictionary<string, Task> _joining = [];
    private readonly Dictionary<string, PlannedAction> _newestLoads = [];
    private readonly Lock _gate = new();

    /// <summary>Does an action, or lets it wait in its lane. Once <paramref name="stop"/> is cancelled what waits is not begun, and what is under way is left.</summary>
    public void Do(PlannedAction action, CancellationToken stop)
    {
        if (action.Action is null)
        {
            return;
        }

        if (action.Lane is not { } lane)
        {
            AtOnce(action);
            return;
        }

        if (action.Action is SetLoad)
        {
            lock (_gate)
            {
                _newestLoads[lane] = action;
            }
        }

        Task before = _lanes.GetValueOrDefault(lane, Task.CompletedTask);
        if (action.Action is SetLoad load && _joining.TryGetValue(load.Region, out Task? joining))
        {
            // Clients that come after a node is added are meant to find it.
            before = Task.WhenAll(before, joining);
        }

        _lanes[lane] = AfterAsync(before, action, stop);
        if (action.Action is Scripts.AddNode add)
        {
            _joining[add.Region] = _lanes[lane];
        }
    }

    /// <summary>Comes back when all lanes are empty. Each step has its own limit in time.</summary>
    public Task DoneAsync(CancellationToken cancellationToken) => Task.WhenAll(_lanes.Values).WaitAsync(cancellationToken);

    private void AtOnce(PlannedAction action)
    {
        try
        {
            shell.DoAtOnce(action.Action!);
        }
        catch (NotSupportedException reason)
        {
            tell(EventKind.NotPossible, action, reason.Message);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or IOException)
        {
            tell(EventKind.Problem, action, problem.Message);
        }
    }

    private async Task AfterAsync(Task before, PlannedAction action, CancellationToken stop)
    {
        await before;
        if (stop.IsCancellationRequested || IsOutdated(action))
        {
            return;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(DrillLimits.StepMost);
        try
        {
            if (await shell.DoAsync(action.Action!, limit.Token) is { } done)
            {
                tell(EventKind.Done, action, done);
            }
        }
        catch (NotSupportedException reason)
        {
            tell(EventKind.NotPossible, action, reason.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The drill is over before its time.
        }
        catch (OperationCanceledException)
        {
            tell(EventKind.Problem, action, $"not done after {DrillLimits.StepMost.TotalSeconds:0} s: {StepWords.Say(action.Action!)}");
        }
#pragma warning disable CA1031 // A step may fail in any way that a process, a socket or a page can; the drill goes on and says so.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            tell(EventKind.Problem, action, $"{StepWords.Say(action.Action!)}: {Scripts.ScriptText.OneLine(problem.Message)}");
        }
    }

    /// <summary>Of the levels of a ramp that wait because clients are slow to get there, only the newest counts.</summary>
    private bool IsOutdated(PlannedAction action)
    {
        lock (_gate)
        {
            return action.Action is SetLoad && _newestLoads[action.Lane!] != action;
        }
    }
}
