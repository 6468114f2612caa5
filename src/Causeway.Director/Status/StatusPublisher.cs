using System.Collections.Immutable;
using Causeway.Director.Registry;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Status;

/// <summary>
/// Keeps the status page up to date. Of several directors with the same documents one publishes at a time and holds a lease for it;
/// when it dies, another goes on from what is stored. While the documents can't be reached, each director shows its own view.
/// <see cref="Current"/> may be read from any thread.
/// </summary>
public sealed partial class StatusPublisher : IAsyncDisposable
{
    /// <summary>Time between looks.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly IDeploymentSource _source;
    private readonly string _director;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StoredDocument<StatusBoard> _board;
    private readonly StoredDocument<IncidentLog> _log;
    private readonly DayBook _days;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private StatusTracker? _tracker;
    private bool _isCutOff;
    private volatile StatusSnapshot _current = StatusSnapshot.Empty;
    private Task _running = Task.CompletedTask;

    /// <summary>A publisher for the director named <paramref name="director"/>, not yet started.</summary>
    public StatusPublisher(IDeploymentSource source, IStatusDocuments documents, string director, TimeProvider time, ILogger logger)
    {
        (_source, _director, _time, _logger) = (source, director, time, logger);
        _board = new StoredDocument<StatusBoard>(documents, "status/board", StatusJson.Default.StatusBoard, StatusBoard.Empty);
        _log = new StoredDocument<IncidentLog>(documents, "status/incidents", StatusJson.Default.IncidentLog, IncidentLog.Empty);
        _days = new DayBook(documents);
    }

    /// <summary>What the status page shows.</summary>
    public StatusSnapshot Current => _current;

    /// <summary>Begins to look.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Adds an operator's words to the public timeline of incident <paramref name="id"/>; gives what is wrong with them, or nothing.</summary>
    public Task<string> AnnotateAsync(string id, string text, CancellationToken cancel) => InTurnAsync(async () =>
    {
        for (int i = 0; i < StatusLimits.MaxWriteTries; i++)
        {
            await _log.ReadAsync(cancel).ConfigureAwait(false);
            if (_log.Value.Annotated(id, text, _time.GetUtcNow(), out string problem) is not { } log)
            {
                return problem;
            }

            if (await _log.TryWriteAsync(log, cancel).ConfigureAwait(false))
            {
                _current = _current with { Log = log };
                return "";
            }
        }

        return "others are writing at the same time; try again";
    }, cancel);

    /// <summary>Takes a region that is gone for good off the page; gives what is wrong with that, or nothing.</summary>
    public Task<string> RetireAsync(string region, CancellationToken cancel) => InTurnAsync(async () =>
    {
        if (_source.Current.Regions.Any(known => known.Name == region))
        {
            return $"region '{region}' still reports; only one that is gone can be taken off the page";
        }

        for (int i = 0; i < StatusLimits.MaxWriteTries; i++)
        {
            await _board.ReadAsync(cancel).ConfigureAwait(false);
            ImmutableArray<ComponentStatus> left = _board.Value.Components.RemoveAll(component => component.Id == ComponentStatus.RegionalId(region));
            if (left.Length == _board.Value.Components.Length)
            {
                return $"there is no region '{region}' on the page";
            }

            if (await _board.TryWriteAsync(_board.Value with { Components = left }, cancel).ConfigureAwait(false))
            {
                _current = _current with { Components = left };
                return "";
            }
        }

        return "others are writing at the same time; try again";
    }, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
        _turn.Dispose();
    }

    /// <summary>One look.</summary>
    internal Task LookAsync(CancellationToken cancel) => InTurnAsync(async () =>
    {
        DateTimeOffset now = _time.GetUtcNow();
        try
        {
            await LookStoredAsync(now, cancel).ConfigureAwait(false);
            if (_isCutOff)
            {
                _isCutOff = false;
                LogReachable(_logger);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            if (!_isCutOff)
            {
                _isCutOff = true;
                LogUnreachable(_logger, failure.Message);
            }

            _tracker ??= new StatusTracker();
            (ImmutableArray<ComponentStatus> components, IncidentLog log) = _tracker.Look(_current.Components, _current.Log, _source.Current, now);
            _current = _current with { At = now, Components = components, Log = log };
        }

        return "";
    }, cancel);

    private async Task LookStoredAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await _board.ReadAsync(cancel).ConfigureAwait(false);
        await _log.ReadAsync(cancel).ConfigureAwait(false);
        StatusBoard board = _board.Value;
        bool isFree = board.WriterUntil <= now || board.WriterUntil > now + (2 * StatusLimits.WriterLease);
        if ((board.Writer == _director || isFree) && await PublishAsync(board, now, cancel).ConfigureAwait(false))
        {
            await _days.AccountAsync(board.Components, now, cancel).ConfigureAwait(false);
        }
        else
        {
            _tracker = null;
            await _days.FollowAsync(now, cancel).ConfigureAwait(false);
        }

        _current = new StatusSnapshot { At = now, Components = _board.Value.Components, Log = _log.Value, Days = _days.Days };
    }

    /// <summary>
    /// Publishes this director's view; false if another one publishes. The board goes first: one that is bad without an incident opens it
    /// at the next look, whoever makes that.
    /// </summary>
    private async Task<bool> PublishAsync(StatusBoard board, DateTimeOffset now, CancellationToken cancel)
    {
        _tracker ??= new StatusTracker();
        DeploymentView view = _source.Current;
        (ImmutableArray<ComponentStatus> components, IncidentLog log) = _tracker.Look(board.Components, _log.Value, view, now);
        bool isChanged = !components.AsSpan().SequenceEqual(board.Components.AsSpan());
        if (isChanged || board.Writer != _director || board.WriterUntil - now < StatusLimits.WriterLease - StatusLimits.WriterRenewal)
        {
            StatusBoard next = new() { Writer = _director, WriterUntil = now + StatusLimits.WriterLease, Components = components };
            if (!await _board.TryWriteAsync(next, cancel).ConfigureAwait(false))
            {
                await _board.ReadAsync(cancel).ConfigureAwait(false);
                return false;
            }
        }

        for (int i = 0; i < StatusLimits.MaxWriteTries && !ReferenceEquals(log, _log.Value); i++)
        {
            if (!await _log.TryWriteAsync(log, cancel).ConfigureAwait(false))
            {
                await _log.ReadAsync(cancel).ConfigureAwait(false);
                (_, log) = _tracker.Look(board.Components, _log.Value, view, now);
            }
            else
            {
                break;
            }
        }

        return true;
    }

    private async Task<string> InTurnAsync(Func<Task<string>> step, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await step().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(LookInterval, _time);
        try
        {
            do
            {
                await LookAsync(_stop.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    [LoggerMessage(213, LogLevel.Warning, "The status page's documents can't be reached, it shows this director's own view: {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string problem);

    [LoggerMessage(214, LogLevel.Information, "The status page's documents can be reached again")]
    private static partial void LogReachable(ILogger logger);
}
