using Causeway.Core.Delivery;

namespace Causeway.Bus.Transport;

/// <summary>
/// A socket that an <see cref="EventLoop"/> serves. Reading and ending happen on the loop's thread; flushing, and the wish to close,
/// come from any.
/// </summary>
internal abstract class Connection(EventLoop loop, int fd)
{
    public int Fd { get; } = fd;

    /// <summary>The token of its events.</summary>
    public long Token { get; set; }

    /// <summary>What waits to be sent.</summary>
    public abstract OutboundQueue Outbound { get; }

    /// <summary>True while what the peer sends is wanted.</summary>
    public abstract bool Reads { get; }

    /// <summary>True once the loop has begun to end it.</summary>
    public abstract bool IsClosing { get; }

    /// <summary>True if the close only waits for the peer or the clock; false if it should go on at once.</summary>
    public abstract bool CloseCanWait { get; }

    /// <summary>True while epoll may still be told what it waits for.</summary>
    protected abstract bool IsWatched { get; }

    protected EventLoop Loop { get; } = loop;

    /// <summary>Tells epoll what the connection waits for. Any thread; the queue's lock makes the last word the right one.</summary>
    public void UpdateInterest()
    {
        lock (Outbound.Gate)
        {
            if (IsWatched)
            {
                Loop.SetInterest(this, Reads, Outbound.IsBlocked || WantsToWrite);
            }
        }
    }

    /// <summary>Reads once what there is and works through it. Returns the bytes read.</summary>
    public abstract int OnReadable();

    /// <summary>The socket can take more.</summary>
    public abstract void OnWritable();

    /// <summary>The peer reset the connection while nothing was being read from it.</summary>
    public abstract void OnBroken();

    /// <summary>The socket refused what was to be sent. Any thread.</summary>
    public abstract void OnSendFailed();

    /// <summary>Serving it met a defect in Causeway: it has to go.</summary>
    public abstract void OnFailed();

    /// <summary>The regular look after it.</summary>
    public abstract void Check(long now);

    /// <summary>Begins to end it.</summary>
    public abstract void BeginClose();

    /// <summary>
    /// Goes on with ending it; true once it is over. Ends at most <paramref name="subscriptions"/> subscriptions and takes those it
    /// has ended off it.
    /// </summary>
    public abstract bool ContinueClose(long now, ref int subscriptions);

    /// <summary>Gives back what it holds when it never came to be.</summary>
    public abstract void Abandon();

    /// <summary>Ends it at once, while no loop runs any more.</summary>
    public abstract void Abort();

    /// <summary>True if there is something to send that is not in the queue.</summary>
    protected virtual bool WantsToWrite => false;

    /// <summary>Reads once into <paramref name="room"/>: the bytes read, 0 if there are none yet, -1 at the end or on an error.</summary>
    protected unsafe int Receive(Span<byte> room, out int errno)
    {
        nint read;
        fixed (byte* at = room)
        {
            read = Libc.Recv(Fd, at, room.Length, Libc.MsgDontWait);
        }

        errno = read < 0 ? Libc.Errno : 0;
        return read > 0 ? (int)read : errno is Libc.Eagain or Libc.Eintr ? 0 : -1;
    }
}
