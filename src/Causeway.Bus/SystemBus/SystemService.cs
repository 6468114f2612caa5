using Causeway.Bus.Health;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.SystemBus;

/// <summary>
/// The node's part of the system tenant, over a connection to its own client port: answers what is asked on <c>$SYS.REQ.</c> and
/// publishes events. There is one where clients have to prove who they are, so that only users of the system tenant hear and ask.
/// </summary>
internal sealed class SystemService : IDisposable
{
    private readonly BusNode _node;
    private readonly TimeProvider _time;
    private readonly SystemInterest _interest;
    private readonly SystemJson _json;
    private readonly SystemRequests _requests;
    private readonly OwnLine _line;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _answered;
    private long _published;

    public SystemService(BusNode node, TimeProvider time, ILogger log)
    {
        _node = node;
        _time = time;
        NodePages pages = new(node, () => []);
        _interest = new SystemInterest(node.Context.SystemTenant);
        _json = new SystemJson(node, pages);
        _requests = new SystemRequests(node, pages, _json);
        Events = new SystemEvents(node, _interest, _json, time);
        Questions = new OwnQuestions(_requests, node.Context.SystemTenant, log);
        _line = new OwnLine(
            node, node.Context.SystemTenant, "causeway-system", SystemSubjects.Requests(node.Info.ServerId), OnFrameAsync, SystemLimits.PublishDeadline, time);
    }

    /// <summary>What is told.</summary>
    public SystemEvents Events { get; }

    /// <summary>What clients ask of their own tenants.</summary>
    public OwnQuestions Questions { get; }

    /// <summary>Questions answered so far. Any thread.</summary>
    public long Answered => Volatile.Read(ref _answered) + Questions.Answered;

    /// <summary>Events published so far. Any thread.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>True if a node that has these settings serves a system tenant.</summary>
    public static bool IsWantedBy(BusNode node) =>
        node.Options.ServesSystemTenant && node.Context.Access.IsRequired && node.Context.SystemTenant != node.Context.DefaultTenant;

    public void Start()
    {
        _running = Task.Run(RunAsync);
        _ = Task.Run(() => Questions.RunAsync(_stopping.Token));
    }

    /// <summary>Says that the node leaves, and ends the connection once it said so; waits a bounded time.</summary>
    public async Task LeaveAsync()
    {
        Events.TellLeaving(isLameDuck: false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(_running, Task.Delay(SystemLimits.LeaveTimeout)).ConfigureAwait(false);
        _line.Dispose();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _line.Dispose();
    }

    private async Task RunAsync()
    {
        long statsAt = _time.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _line.OpenAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The node's health says whether its client port works; the next look tries again.
            }

            await WaitAsync().ConfigureAwait(false);
            await PublishAllAsync().ConfigureAwait(false);
            if (_time.GetElapsedTime(statsAt) >= SystemLimits.StatsInterval)
            {
                statsAt = _time.GetTimestamp();
                await TellStatsAsync().ConfigureAwait(false);
            }
        }

        await PublishAllAsync().ConfigureAwait(false);
    }

    /// <summary>Until there is something to publish, or it is time for a look.</summary>
    private async Task WaitAsync()
    {
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        wait.CancelAfter(SystemLimits.LookInterval);
        try
        {
            await Events.Queue.WaitToReadAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Time for a look, or to leave.
        }
    }

    private async Task TellStatsAsync()
    {
        string subject = SystemSubjects.Stats(_node.Info.ServerId);
        if (_interest.IsWanted(subject))
        {
            byte[] stats = await _json.StatsAsync().ConfigureAwait(false);
            await PublishAsync(subject, stats).ConfigureAwait(false);
        }
    }

    private async Task PublishAllAsync()
    {
        while (Events.Queue.TryRead(out SystemEvent next))
        {
            await PublishAsync(next.Subject, next.Write()).ConfigureAwait(false);
        }
    }

    private async Task PublishAsync(string subject, byte[] message)
    {
        try
        {
            await _line.PublishAsync(subject, message).ConfigureAwait(false);
            Interlocked.Increment(ref _published);
        }
        catch (IOException)
        {
            Events.CountDropped();
        }
    }

    private async Task OnFrameAsync(OwnFrame frame, OwnClient client)
    {
        if (frame.Line != "MSG" || frame.Reply.Length == 0)
        {
            return;
        }

        // What was too large for the connection's buffer reads as options that are no JSON.
        byte[]? answer = await _requests.AnswerAsync(frame.Subject, frame.Payload ?? "{"u8.ToArray()).ConfigureAwait(false);
        if (answer is not null)
        {
            await client.PublishAsync(frame.Reply, answer, SystemLimits.PublishDeadline, _time).ConfigureAwait(false);
            Interlocked.Increment(ref _answered);
        }
    }
}
