using System.Runtime.CompilerServices;
using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Routing;
using Xunit;

namespace Causeway.Core.Tests.Support;

/// <summary>
/// A client of a <see cref="TestNode"/>, and the transport beneath its session: what the session has to send is collected at once,
/// or left waiting while the client is <see cref="Stalled"/>.
/// </summary>
internal sealed class TestClient : IClientTransport
{
    private readonly DeliveryBatch _loop;
    private readonly List<byte> _received = [];
    private byte[] _carry = [];
    private Block? _unsent;

    public TestClient(TestNode node, ulong id, DeliveryBatch? loop = null)
    {
        _loop = loop ?? node.Batch;
        Session = new ClientSession(node.Context, id, "127.0.0.1", 50000, this, node.Now);
        Flush();
    }

    public ClientSession Session { get; }

    /// <summary>While true, nothing is taken from the outbound queue.</summary>
    public bool Stalled { get; set; }

    /// <summary>Bytes that the client takes before its socket is full.</summary>
    public long Window { get; set; } = long.MaxValue;

    /// <summary>The first reason that the session gave to be closed.</summary>
    public CloseReason CloseReason { get; private set; }

    public int Flushes { get; private set; }

    /// <summary>What the session said of the size of the command that it has the beginning of.</summary>
    public int Needed { get; private set; }

    /// <summary>True if all that was sent is worked through.</summary>
    public bool IsDone => _carry.Length == 0;

    /// <summary>The session receives <paramref name="text"/>, and everybody who got something is flushed.</summary>
    public void Send(string text) => Send(Wire.Bytes(text));

    /// <inheritdoc cref="Send(string)"/>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        SendWithoutFlush(bytes);
        _loop.Flush();
        if (CloseReason.SendsWhatWaits())
        {
            // A connection that ends sends what waits once more.
            Flush();
        }
    }

    /// <summary>The session receives <paramref name="bytes"/> behind what it left over, as from a socket.</summary>
    public void SendWithoutFlush(ReadOnlySpan<byte> bytes)
    {
        byte[] data = [.. _carry, .. bytes];
        int neededBefore = Needed;
        int done = Session.Receive(data, _loop, out int needed);
        Assert.InRange(done, 0, data.Length);
        Assert.True(needed == 0 || needed > data.Length - done, "more is needed than there is");
        Assert.True(neededBefore == 0 || done == 0 || done >= neededBefore, "a command has the size that was said");
        Needed = needed;
        _carry = Session.Ending == CloseReason.None ? data[done..] : [];
    }

    /// <summary>What was sent to the client since the last call.</summary>
    public string Read()
    {
        string text = Wire.Text([.. _received]);
        _received.Clear();
        return text;
    }

    public void AssertReads(string expected, [CallerArgumentExpression(nameof(expected))] string? source = null)
    {
        string got = Read();
        Assert.True(got == expected, $"read {Wire.Literal(Wire.Bytes(got))}\n  not {source}");
    }

    public void Flush()
    {
        Flushes++;
        if (Stalled)
        {
            return;
        }

        Send(Session.Outbound.BeginSend());
    }

    /// <summary>The socket can take more: the sender goes on, if it was blocked.</summary>
    public void Unblock(long window = long.MaxValue)
    {
        Window = window;
        if (_unsent is { } blocks)
        {
            _unsent = null;
            Session.Outbound.ResumeSend();
            Send(blocks);
        }
    }

    /// <summary>A login that waited is decided: what was left over is received again, as from a connection.</summary>
    public void GoOn()
    {
        Session.Resume(_loop);
        Send([]);
    }

    public void Close(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
        {
            CloseReason = reason;
        }
    }

    /// <summary>The socket is gone: what a connection does then, in its order.</summary>
    public void Disconnect(CloseReason reason = CloseReason.ClientClosed)
    {
        Close(reason);
        Session.End(CloseReason);
        if (CloseReason.SendsWhatWaits())
        {
            Flush();
        }

        Assert.True(Session.Outbound.TryEndSending());
        Session.Outbound.Discard(_unsent);
        _unsent = null;
        while (!Session.Release(mostSubscriptions: 3))
        {
        }

        Assert.Equal(0, Session.Account.Bytes);
    }

    private void Send(Block? blocks)
    {
        OutboundQueue queue = Session.Outbound;
        while (blocks is not null)
        {
            long sent = 0;
            while (blocks is not null && Window >= blocks.Length)
            {
                _received.AddRange(blocks.Used);
                sent += blocks.Length;
                Window -= blocks.Length;
                blocks = queue.ReturnFirst(blocks);
            }

            if (blocks is not null)
            {
                _received.AddRange(blocks.Used[..(int)Window]);
                blocks.Start += (int)Window;
                sent += Window;
                Window = 0;
                _unsent = blocks;
            }

            blocks = queue.EndSend(sent, blocks);
        }
    }
}
