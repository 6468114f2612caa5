using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;
using Causeway.Drill.Load;
using Causeway.Drill.Report;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Desk;

/// <summary>
/// Runs drills on a deployment that is there for other things too, one at a time: the usual clients make room for those of the drill, and
/// come back when everything that it broke is put back. Thread-safe.
/// </summary>
internal sealed class DrillDesk(DeskSettings settings) : IDrillObserver, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private ILoad? _usual;
    private DeskState? _state;
    private TimeSpan _lasts;

    /// <summary>The drills that can be started.</summary>
    public IReadOnlyList<DrillScript> Scripts => settings.Scripts;

    /// <summary>The drill that runs, or ran last; null if none has.</summary>
    public DeskState? State => Volatile.Read(ref _state);

    /// <summary>Done when no drill runs and everything is put back.</summary>
    internal Task Idle => Volatile.Read(ref _running);

    /// <summary>Begins the usual load; once, before any drill.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (settings.UsualLoad is { } level)
        {
            _usual = settings.StartLoad(new LoadSettings().Seed);
            foreach (string region in settings.Deployment.Regions)
            {
                await _usual.SetAsync(region, level, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts a drill; gives what is wrong, empty if it is begun.</summary>
    public string Start(string name)
    {
        if (settings.Scripts.FirstOrDefault(script => script.Name == name) is not { } script)
        {
            return $"there is no drill '{name}' here; accepted is {string.Join(", ", settings.Scripts.Select(script => script.Name))}";
        }

        lock (_gate)
        {
            if (_state is { IsRunning: true } other)
            {
                return $"drill {other.Name} runs; stop it first, or wait for its end";
            }

            if (_ending.IsCancellationRequested)
            {
                return "the deployment ends";
            }

            CancellationTokenSource stop = _stop = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            _lasts = script.Lasts / script.TimeScale;
            Volatile.Write(ref _state, new DeskState { Name = name, IsRunning = true, StartedAt = settings.Time.GetUtcNow(), Step = "everything is put in order for it" });
            Volatile.Write(ref _running, Task.Run(() => RunAsync(script, stop)));
        }

        return "";
    }

    /// <summary>Ends the drill that runs; gives what is wrong, empty if its end is begun.</summary>
    public string Stop()
    {
        lock (_gate)
        {
            if (_state is not { IsRunning: true })
            {
                return "no drill runs";
            }

            _stop!.Cancel();
            return "";
        }
    }

    /// <inheritdoc/>
    public void Happened(DrillEvent what) => Change(state => state with { Step = what.Text, Progress = ProgressAt(what.At) });

    /// <inheritdoc/>
    public void Sampled(DrillSample sample) => Change(state => state with { Progress = ProgressAt(sample.At) });

    /// <summary>Ends what runs, and puts nothing back: the deployment is to end next.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_gate)
        {
            running = _running;
        }

        await running.ConfigureAwait(false);
        await EndUsualAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync(DrillScript script, CancellationTokenSource stop)
    {
        Func<DeskState, DeskState> end;
        try
        {
            await EndUsualAsync().ConfigureAwait(false);
            await settings.Baseline.RestoreAsync(stop.Token).ConfigureAwait(false);
            await using ILoad load = settings.StartLoad(script.Seed);
            DrillRunner runner = new(script, settings.Deployment, load, settings.Clock, this);
            end = Judge(await runner.RunAsync(stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            end = state => state with { Step = "stopped before its end" };
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            end = state => state with { Step = $"it could not be run to its end: {ScriptText.OneLine(problem.Message)}" };
        }

        Change(state => state with { Step = "everything is put back" });
        string trouble = await PutBackAsync().ConfigureAwait(false);
        lock (_gate)
        {
            Change(state => end(state) with { IsRunning = false });
            Change(state => trouble.Length == 0 ? state : state with { Step = $"{state.Step}; not all could be put back: {trouble}" });
            _stop = null;
        }

        stop.Dispose();
    }

    private async Task<string> PutBackAsync()
    {
        if (_ending.IsCancellationRequested)
        {
            return "";
        }

        try
        {
            await settings.Baseline.RestoreAsync(_ending.Token).ConfigureAwait(false);
            await BeginAsync(_ending.Token).ConfigureAwait(false);
            return "";
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return ScriptText.OneLine(problem.Message);
        }
    }

    private Func<DeskState, DeskState> Judge(DrillRecord record)
    {
        DrillResult result = ResultBuilder.Of(record, settings.Facts with { StartedAt = State!.StartedAt });
        string report = Path.Combine(settings.ReportFolder, $"drill-{result.Drill}.html");
        File.WriteAllText(report, ReportPage.Of([result]));
        Outcome[] failed = [.. result.Expectations.Where(outcome => outcome.Verdict == Verdict.Failed)];
        string words = failed.Length == 0
            ? "all expectations are met"
            : $"not met: {string.Join("; ", failed.Select(outcome => $"{outcome.Wanted}: {outcome.Found}"))}";
        return state => state with
        {
            Step = $"{words}. Report: {report}",
            Progress = 1,
            Met = result.Expectations.Count(outcome => outcome.Verdict == Verdict.Met),
            Failed = failed.Length,
            Report = report,
        };
    }

    private async Task EndUsualAsync()
    {
        if (Interlocked.Exchange(ref _usual, null) is { } usual)
        {
            await usual.DisposeAsync().ConfigureAwait(false);
        }
    }

    private double ProgressAt(TimeSpan at) => Math.Clamp(at / _lasts, 0, 1);

    private void Change(Func<DeskState, DeskState> change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _state, change(_state!));
        }
    }
}
