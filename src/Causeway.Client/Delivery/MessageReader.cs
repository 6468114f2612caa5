using System.Runtime.CompilerServices;

namespace Causeway.Client.Delivery;

/// <summary>
/// One enumeration of a queue. A message that waits already costs no state machine; a wait allocates nothing.
/// </summary>
/// <remarks>Begins to read with the first message that is asked for, and ends with the end, an error, or when it is disposed.</remarks>
internal sealed class MessageReader(MessageQueue queue, CancellationToken cancellationToken) : IAsyncEnumerable<Message>, IAsyncEnumerator<Message>
{
    private CancellationTokenRegistration _registration;
    private Message _current;
    private bool _reading;
    private bool _ended;

    public Message Current => _current;

    /// <summary>The enumeration itself: there is one of each.</summary>
    /// <param name="_">Another token is not used: the enumeration has its own.</param>
    public IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken _ = default) => this;

    public ValueTask<bool> MoveNextAsync() =>
        _reading && !cancellationToken.IsCancellationRequested && queue.TryTake(out _current) ? new ValueTask<bool>(true) : WaitAsync();

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync()
    {
        if (_ended)
        {
            return false;
        }

        if (!_reading)
        {
            queue.BeginReading();
            _reading = true;
            _registration = cancellationToken.UnsafeRegister(static queue => ((MessageQueue)queue!).Wake(), queue);
        }

        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (queue.TryTake(out _current))
                {
                    return true;
                }

                if (queue.IsAtEnd(out Exception? error))
                {
                    End();
                    return error is null ? false : throw error;
                }

                await queue.ReadableAsync().ConfigureAwait(false);
            }
        }
        catch
        {
            End();
            throw;
        }
    }

    private void End()
    {
        _ended = true;
        if (_reading)
        {
            _reading = false;
            _registration.Dispose();
            queue.EndReading();
        }
    }
}
