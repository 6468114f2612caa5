using System.Runtime.CompilerServices;
using Causeway.Core.Memory;

namespace Causeway.Core.Delivery;

/// <summary>
/// The bytes that wait to be sent to one client, in leased blocks. Any thread may append; one thread at a time sends. Members say
/// which of them need <see cref="Gate"/> held.
/// </summary>
public sealed class OutboundQueue
{
    // A message up to this size is kept in one block, which wastes at most as much at the end of the block before.
    private const int MaxUnsplitBytes = BlockPool.LargeBytes / 8;

    private readonly BlockPool _pool;
    private readonly MemoryAccount _account;
    private Block? _head;
    private Block? _tail;
    private bool _sending;
    private bool _closed;
    private bool _ended;
    private long _pendingBytes;
    private long _sentBytes;

    /// <summary>Creates an empty queue whose blocks come from <paramref name="pool"/> on <paramref name="account"/>.</summary>
    public OutboundQueue(BlockPool pool, MemoryAccount account)
    {
        _pool = pool;
        _account = account;
    }

    /// <summary>The lock that guards the queue. Held briefly, never while another lock of its kind is taken.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes appended and not yet sent. Read without the lock it is a moment's value.</summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>True once nothing more is taken. Needs <see cref="Gate"/> for a lasting answer.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Bytes that a socket took so far. While it stands still and bytes are pending, the client is stalled.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>
    /// True while the sender waits for the socket to take more: from an <see cref="EndSend"/> with unsent blocks to
    /// <see cref="ResumeSend"/>. Needs <see cref="Gate"/> for a lasting answer.
    /// </summary>
    public bool IsBlocked { get; private set; }

    /// <summary>True from an append until somebody has begun to send what was appended. Needs <see cref="Gate"/>.</summary>
    public bool FlushIsDue { get; private set; }

    /// <summary>
    /// Room for <paramref name="bytes"/> in one piece, to be filled whole at once; empty if it would not fit one block or the
    /// budget refuses the block. Needs <see cref="Gate"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int bytes)
    {
        Block? tail = _tail;
        if (tail is null || tail.Free < bytes)
        {
            if (bytes > MaxUnsplitBytes || !TryGrow(bytes))
            {
                return default;
            }

            tail = _tail!;
        }

        Span<byte> room = tail.Rest[..bytes];
        tail.End += bytes;
        _pendingBytes += bytes;
        return room;
    }

    /// <summary>
    /// Appends bytes over as many blocks as it takes; false, with a part appended perhaps, if the budget refuses one: the queue
    /// is of no use then. Needs <see cref="Gate"/>.
    /// </summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if ((_tail is null || _tail.Free == 0) && !TryGrow(bytes.Length))
            {
                return false;
            }

            Block tail = _tail!;
            int part = Math.Min(tail.Free, bytes.Length);
            bytes[..part].CopyTo(tail.Rest);
            tail.End += part;
            _pendingBytes += part;
            bytes = bytes[part..];
        }

        return true;
    }

    /// <summary>
    /// True if <paramref name="bytes"/> more may wait where <paramref name="most"/> may. A client with nothing waiting is not slow, even
    /// if one message with its line is more than that. Needs <see cref="Gate"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoomFor(int bytes, long most) => _pendingBytes + bytes <= most || _pendingBytes == 0;

    /// <summary>As <see cref="MarkAppended"/>, if anything waits at all. Takes <see cref="Gate"/> itself.</summary>
    public bool MarkIfPending()
    {
        lock (Gate)
        {
            return _pendingBytes > 0 && MarkAppended();
        }
    }

    /// <summary>
    /// Notes that something was appended; true if the caller has to see to a flush, false if somebody else will. Needs
    /// <see cref="Gate"/>.
    /// </summary>
    public bool MarkAppended()
    {
        if (FlushIsDue || _sending)
        {
            return false;
        }

        FlushIsDue = true;
        return true;
    }

    /// <summary>
    /// Begins to send: hands out all blocks there are, or null if there are none or another thread is sending. Who gets blocks must
    /// call <see cref="EndSend"/>. Takes <see cref="Gate"/> itself.
    /// </summary>
    public Block? BeginSend()
    {
        lock (Gate)
        {
            FlushIsDue = false;
            if (_sending || _ended || _head is null)
            {
                return null;
            }

            _sending = true;
            return TakeAll();
        }
    }

    /// <summary>
    /// Tells what was sent. Returns the blocks to send next; with null the sender is done, unless <paramref name="unsent"/> was
    /// given: then it stays the sender and goes on when the socket can take more. Takes <see cref="Gate"/> itself.
    /// </summary>
    /// <param name="sentBytes">Bytes that the socket took.</param>
    /// <param name="unsent">The first block that was not sent whole, with those behind it.</param>
    public Block? EndSend(long sentBytes, Block? unsent)
    {
        lock (Gate)
        {
            _pendingBytes -= sentBytes;
            _sentBytes += sentBytes;
            if (unsent is not null)
            {
                IsBlocked = true;
                return null;
            }

            FlushIsDue = false;
            if (_head is not null)
            {
                return TakeAll();
            }

            _sending = false;
            return null;
        }
    }

    /// <summary>Tells what was sent while the sender still has blocks to send. Takes <see cref="Gate"/> itself.</summary>
    public void CountSent(long sentBytes)
    {
        lock (Gate)
        {
            _pendingBytes -= sentBytes;
            _sentBytes += sentBytes;
        }
    }

    /// <summary>The sender goes on, now that the socket can take more. Takes <see cref="Gate"/> itself.</summary>
    public void ResumeSend()
    {
        lock (Gate)
        {
            IsBlocked = false;
        }
    }

    /// <summary>
    /// Ends all sending: nobody begins any more. False while a thread is sending this moment; ask again soon. Takes
    /// <see cref="Gate"/> itself.
    /// </summary>
    public bool TryEndSending()
    {
        lock (Gate)
        {
            _closed = true;
            _ended = true;
            return !_sending || IsBlocked;
        }
    }

    /// <summary>Takes nothing more from now on. What waits can still be sent. Takes <see cref="Gate"/> itself.</summary>
    public void Close()
    {
        lock (Gate)
        {
            _closed = true;
        }
    }

    /// <summary>
    /// Gives up what waits, and with it <paramref name="unsent"/>, which the sender held. After <see cref="TryEndSending"/> said
    /// true. Takes <see cref="Gate"/> itself.
    /// </summary>
    public void Discard(Block? unsent)
    {
        Block? all;
        lock (Gate)
        {
            all = TakeAll();
            _pendingBytes = 0;
            _sending = false;
            IsBlocked = false;
        }

        ReturnAll(unsent);
        ReturnAll(all);
    }

    /// <summary>
    /// Copies up to <paramref name="sample"/>'s length of what waits and is not yet being sent, for attribution. Takes
    /// <see cref="Gate"/> itself.
    /// </summary>
    public int Peek(Span<byte> sample)
    {
        lock (Gate)
        {
            int copied = 0;
            for (Block? block = _head; block is not null && copied < sample.Length; block = block.Next)
            {
                int part = Math.Min(block.Length, sample.Length - copied);
                block.Used[..part].CopyTo(sample[copied..]);
                copied += part;
            }

            return copied;
        }
    }

    /// <summary>Returns a sent block to the pool and gives the next.</summary>
    public Block? ReturnFirst(Block block)
    {
        Block? next = block.Next;
        _pool.Return(block);
        return next;
    }

    private void ReturnAll(Block? first)
    {
        while (first is not null)
        {
            first = ReturnFirst(first);
        }
    }

    private Block? TakeAll()
    {
        Block? all = _head;
        _head = null;
        _tail = null;
        return all;
    }

    private bool TryGrow(int bytes)
    {
        int size = _tail is null && bytes <= BlockPool.SmallBytes ? BlockPool.SmallBytes : BlockPool.LargeBytes;
        // Who keeps up is not sacrificed to those who don't: a client with next to nothing waiting always has a little more.
        bool keepsUp = size == BlockPool.SmallBytes && _pendingBytes < BlockPool.SmallBytes;
        Block? block = keepsUp
            ? _pool.LeaseRegardless(_account, MemoryUse.Pending, size)
            : _pool.TryLease(_account, MemoryUse.Pending, size);
        if (block is null)
        {
            return false;
        }

        if (_tail is null)
        {
            _head = block;
        }
        else
        {
            _tail.Next = block;
        }

        _tail = block;
        return true;
    }
}
