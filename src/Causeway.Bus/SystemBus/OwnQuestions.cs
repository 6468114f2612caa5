using System.Threading.Channels;
using Causeway.Bus.Nodes;
using Causeway.Core.Clients;
using Causeway.Core.Routing;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.SystemBus;

/// <summary>
/// What clients ask of their own tenant (<c>$SYS.REQ.ACCOUNT.PING.CONNZ</c>, <c>STATZ</c>): taken down on event loops in a bounded queue,
/// answered one after the other elsewhere, by the node that the client is connected to. Any thread.
/// </summary>
internal sealed class OwnQuestions(SystemRequests requests, Tenant system, ILogger log) : ITenantQuestions
{
    private readonly Channel<Question> _queue = Channel.CreateBounded<Question>(
        new BoundedChannelOptions(SystemLimits.MaxQueuedQuestions) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _answered;
    private long _turnedAway;

    /// <summary>Questions answered.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Questions not taken as too many waited.</summary>
    public long TurnedAway => Volatile.Read(ref _turnedAway);

    public bool TryAsk(Tenant tenant, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> body, Action<byte[]> answer)
    {
        // Users of the system tenant ask all nodes, by its own subjects.
        if (tenant == system || SystemSubjects.OwnKind(subject) is not { } kind)
        {
            return false;
        }

        byte[] options = body.Length <= SystemLimits.MaxQuestionBytes ? body.ToArray() : "{"u8.ToArray();
        if (_queue.Writer.TryWrite(new Question(tenant.Name, kind, options, answer)))
        {
            return true;
        }

        Interlocked.Increment(ref _turnedAway);
        return false;
    }

    /// <summary>Answers until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (Question question in _queue.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                await AnswerAsync(question).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The node leaves.
        }
    }

    private async Task AnswerAsync(Question question)
    {
        try
        {
            if (await requests.AnswerAsync(question.Account, question.Kind, question.Options, asksAll: false).ConfigureAwait(false) is { } answer)
            {
                question.Answer(answer);
                Interlocked.Increment(ref _answered);
            }
        }
#pragma warning disable CA1031 // The next question is answered all the same.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            NodeLog.QuestionFailed(log, question.Kind, fault.Message, fault);
        }
    }

    private readonly record struct Question(string Account, string Kind, byte[] Options, Action<byte[]> Answer);
}
