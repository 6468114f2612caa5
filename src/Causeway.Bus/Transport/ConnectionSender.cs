using Causeway.Core.Delivery;
using Causeway.Core.Memory;

namespace Causeway.Bus.Transport;

/// <summary>
/// Sends a connection's outbound blocks, many in one call. Whoever has the blocks is the sender; if the socket is full, the blocks
/// rest here until the loop finds it writable.
/// </summary>
internal sealed unsafe class ConnectionSender(Connection connection, OutboundQueue queue)
{
    private const int MaxVectors = 16;

    private Block? _unsent;

    /// <summary>Sends what waits, unless somebody is at it already.</summary>
    public void Flush()
    {
        if (queue.BeginSend() is { } blocks)
        {
            Send(blocks);
        }
    }

    /// <summary>Goes on where the socket was full.</summary>
    public void Resume()
    {
        if (_unsent is { } blocks)
        {
            _unsent = null;
            queue.ResumeSend();
            Send(blocks);
        }
    }

    /// <summary>The blocks that rest here, to be returned by the caller.</summary>
    public Block? TakeUnsent()
    {
        Block? blocks = _unsent;
        _unsent = null;
        return blocks;
    }

    private void Send(Block first)
    {
        Block? blocks = first;
        while (blocks is not null)
        {
            long sent = SendOnce(ref blocks, out bool full, out bool failed);
            if (full || failed)
            {
                _unsent = blocks;
                queue.EndSend(sent, blocks);
                if (failed)
                {
                    connection.OnSendFailed();
                }
                else
                {
                    connection.UpdateInterest();
                }

                return;
            }

            if (blocks is null)
            {
                blocks = queue.EndSend(sent, null);
            }
            else
            {
                queue.CountSent(sent);
            }
        }
    }

    /// <summary>One call to the kernel. What it took is taken off <paramref name="blocks"/>.</summary>
    private long SendOnce(ref Block? blocks, out bool full, out bool failed)
    {
        Block first = blocks!;
        long offered = first.Length;
        nint sent;
        if (first.Next is null)
        {
            sent = Libc.Send(connection.Fd, first.Pointer, first.Length, Libc.MsgDontWait | Libc.MsgNoSignal);
        }
        else
        {
            Libc.IoVec* vectors = stackalloc Libc.IoVec[MaxVectors];
            int count = 0;
            offered = 0;
            for (Block? block = first; block is not null && count < MaxVectors; block = block.Next)
            {
                vectors[count++] = new Libc.IoVec { Base = block.Pointer, Length = block.Length };
                offered += block.Length;
            }

            Libc.MsgHdr message = new() { Vectors = vectors, VectorCount = count };
            sent = Libc.SendMsg(connection.Fd, &message, Libc.MsgDontWait | Libc.MsgNoSignal);
        }

        if (sent < 0)
        {
            int errno = Libc.Errno;
            full = errno is Libc.Eagain or Libc.Eintr;
            failed = !full;
            return 0;
        }

        full = sent < offered;
        failed = false;
        blocks = Skip(first, sent);
        return sent;
    }

    private Block? Skip(Block first, nint sent)
    {
        Block? block = first;
        while (block is not null && sent >= block.Length)
        {
            sent -= block.Length;
            block = queue.ReturnFirst(block);
        }

        if (block is not null)
        {
            block.Start += (int)sent;
        }

        return block;
    }
}
