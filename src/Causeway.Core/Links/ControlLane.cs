using Causeway.Core.Regions;
using Causeway.Core.Routing;

namespace Causeway.Core.Links;

/// <summary>
/// The connection that a link begins with: the handshake, then the link's session. A connection that opens with <c>Attach</c> turns
/// into the data lane of a link that is up.
/// </summary>
public sealed class ControlLane : ILane
{
    private readonly Mesh _mesh;
    private readonly ILaneTransport _transport;
    private readonly LinkHandshake _handshake;
    private readonly long _deadline;
    private Link? _link;
    private int _unread;
    private bool _over;

    /// <summary>Begins a lane; <paramref name="dial"/> is null where the other side dialled.</summary>
    public ControlLane(Mesh mesh, ILaneTransport transport, LinkDial? dial, long now)
    {
        _mesh = mesh;
        _transport = transport;
        _handshake = new LinkHandshake(mesh.Self, mesh.Key, dial, mesh.Host.RandomBytes(16));
        _deadline = now + (long)mesh.Limits.HandshakeTimeout.TotalMilliseconds;
    }

    /// <inheritdoc/>
    public int NeededBytes => 0;

    // A connection is opened, and its first word comes.
    private long DataLaneMilliseconds => 2 * (long)_mesh.Limits.HandshakeTimeout.TotalMilliseconds;

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        _link?.Meter.OnReceived(data.Length - _unread, _mesh.Now);
        int done = 0;
        while (!_over)
        {
            ReadOnlySpan<byte> rest = data[done..];
            int length = FrameReader.FrameLength(rest, LinkLimits.MaxControlFrameBytes);
            if (length < 0)
            {
                Fail("a frame of the control lane can't be read");
                break;
            }

            if (length == 0 || length > rest.Length)
            {
                break;
            }

            done += length;
            if (OnFrame((LinkFrameKind)rest[4], rest[..length]))
            {
                // The rest belongs to the data lane.
                return done;
            }
        }

        if (_over)
        {
            done = data.Length;
        }

        _unread = data.Length - done;
        return done;
    }

    /// <inheritdoc/>
    public int Fill(Span<byte> room, long now)
    {
        if (_link is { } link)
        {
            int filled = _over ? 0 : link.Session.Fill(room, now);
            link.Meter.OnSent(filled);
            return filled;
        }

        int length = _handshake.TryWrite(room);
        if (length > 0)
        {
            Advance();
        }

        return length;
    }

    /// <inheritdoc/>
    public void Check(long now)
    {
        if (_over)
        {
            return;
        }

        if (_link is not { } link)
        {
            if (now >= _deadline)
            {
                Fail("the handshake took too long");
            }

            return;
        }

        if (link.Meter.IsDead(now))
        {
            link.Close($"nothing was received for {now - link.Meter.LastReceived} ms");
            return;
        }

        if (link.Data is null && now - link.UpSince >= DataLaneMilliseconds)
        {
            // The side that dialled may take it for open, when all that it said on it was lost.
            link.Close($"its data lane did not come within {DataLaneMilliseconds} ms");
            return;
        }

        link.Session.Check(now);
    }

    /// <inheritdoc/>
    public void OnClosed(string reason, ReadOnlySpan<byte> rest)
    {
        // A node says why it refuses another, unless it could not make sense of what that said.
        bool isUnheard = !_over && _handshake is { Dial: not null, Step: HandshakeStep.AwaitWelcome };
        _over = true;
        if (_link is { } link)
        {
            link.Session.OnClosed(rest);
            _mesh.OnLinkDown(link, reason);
        }
        else
        {
            _mesh.OnHandshakeFailed(_handshake, _transport.RemoteAddress, _handshake.RefusalText.Length > 0 ? _handshake.RefusalText : isUnheard ? $"{reason} without a word: it may expect TLS, or be no node" : reason);
        }
    }

    /// <summary>Takes one frame; true if the connection has become a data lane.</summary>
    private bool OnFrame(LinkFrameKind kind, ReadOnlySpan<byte> frame)
    {
        if (_link is { } link)
        {
            // A link that was turned down, or that another has replaced, may still be spoken on: a table that it opened now would be
            // taken from the link that lives, which then would wait for it for ever.
            if (!link.IsDown && link.Session.OnFrame(kind, frame[FrameWriter.HeaderBytes..]) is { } fault)
            {
                link.Close(fault);
            }

            return false;
        }

        if (kind == LinkFrameKind.Attach && _handshake.Step == HandshakeStep.AwaitHello)
        {
            _over = true;
            return _mesh.Attach(frame[FrameWriter.HeaderBytes..], _transport);
        }

        _handshake.OnFrame(kind, frame);
        if (_handshake.Step == HandshakeStep.Judge)
        {
            _mesh.Judge(_handshake);
        }

        Advance();
        return false;
    }

    private void Advance()
    {
        switch (_handshake.Step)
        {
            case HandshakeStep.Done:
                _link = _mesh.OnLinkUp(_handshake, _transport);
                break;
            case HandshakeStep.Failed:
                Fail(_handshake.RefusalText);
                break;
            default:
                if (_handshake.WantsToWrite)
                {
                    _transport.Wake();
                }

                break;
        }
    }

    private void Fail(string reason)
    {
        _over = true;
        _transport.Close(reason);
    }
}
