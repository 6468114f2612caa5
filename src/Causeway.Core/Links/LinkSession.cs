using Causeway.Core.Regions;

namespace Causeway.Core.Links;

/// <summary>
/// What goes over a link's control lane once it is up. Nothing is queued: whenever the lane has room, <see cref="Fill"/> writes what is
/// due from the state as it is then. Belongs to the link's loop.
/// </summary>
public sealed class LinkSession
{
    /// <summary>Room that a part of an interest table needs at most, with its header.</summary>
    private const int StreamRoomBytes = 9 * 1024;

    private readonly Mesh _mesh;
    private readonly Link _link;
    private readonly long[] _sentBytes = new long[(int)LinkFrameKind.Goodbye + 1];
    private readonly List<ExportStream> _exports = [];
    private readonly List<ImportStream> _imports = [];
    private readonly List<ushort> _closedExports = [];
    private ulong _pongDue;
    private long _membersSent = -1;
    private int _membersPage;
    private ushort _lastStream;
    private int _nextExport;
    private bool _goodbyeDue;
    private bool _goodbyeSent;

    internal LinkSession(Mesh mesh, Link link)
    {
        _mesh = mesh;
        _link = link;
    }

    /// <summary>The interest tables that this side tells of. To be read on the loop's thread.</summary>
    public IReadOnlyList<ExportStream> Exports => _exports;

    /// <summary>The interest tables that the other side tells of. To be read on the loop's thread.</summary>
    public IReadOnlyList<ImportStream> Imports => _imports;

    /// <summary>Bytes sent in frames of <paramref name="kind"/>.</summary>
    public long SentBytes(LinkFrameKind kind) => Volatile.Read(ref _sentBytes[(int)kind]);

    /// <summary>Takes a frame's body. Returns what is wrong with it, or null.</summary>
    public string? OnFrame(LinkFrameKind kind, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        string? fault = null;
        switch (kind)
        {
            case LinkFrameKind.Ping:
                _pongDue = reader.UInt64();
                break;
            case LinkFrameKind.Pong:
                _link.Meter.OnPong(reader.UInt64(), _mesh.Now);
                break;
            case LinkFrameKind.Members:
                _mesh.OnMembers(_link, ref reader);
                break;
            case LinkFrameKind.Goodbye:
                _link.OnGoodbye(reader.IsAtEnd ? 0 : reader.UInt64());
                break;
            case LinkFrameKind.StreamOpen:
                OnOpen(ref reader);
                break;
            case LinkFrameKind.StreamClose:
                OnClose(reader.UInt16());
                break;
            case LinkFrameKind.StreamState:
            case LinkFrameKind.StreamReply:
                fault = OnSaid(kind, reader.UInt16(), reader.Rest);
                break;
            case LinkFrameKind.StreamFrame:
                fault = Import(reader.UInt16())?.OnFrame(reader.Rest);
                break;
            default:
                return $"frame {(byte)kind} is unknown";
        }

        _link.Control.Wake();
        return reader.Failed ? $"frame {kind} can't be read" : fault;
    }

    /// <summary>Writes what is due, whole frames only.</summary>
    public int Fill(Span<byte> room, long now)
    {
        int at = FillPlain(room, now);
        while (room.Length - at >= StreamRoomBytes)
        {
            int written = FillStream(room[at..]);
            if (written == 0)
            {
                break;
            }

            at += written;
        }

        return at;
    }

    /// <summary>The regular look after the link.</summary>
    public void Check(long now)
    {
        _link.Meter.Measure(_link.Meter.ReceivedBytes + _link.Meter.SentBytes + (_link.Data?.SentBytes ?? 0) + (_link.Data?.ReceivedBytes ?? 0), now);
        foreach (ImportStream import in _imports)
        {
            import.Check();
        }

        foreach (ExportStream export in _exports)
        {
            export.Check(now);
        }

        // Also what changed without anybody having been woken for it.
        _link.Control.Wake();
    }

    /// <summary>Tells the other side that this node goes away.</summary>
    public void SayGoodbye()
    {
        _goodbyeDue = true;
        _link.Control.Wake();
    }

    /// <summary>Begins to tell of a table.</summary>
    internal void Open(ExportStream export)
    {
        export.Begin(++_lastStream);
        _exports.Add(export);
        _link.Control.Wake();
    }

    /// <summary>Ends to tell of a table.</summary>
    internal void Close(ExportStream export)
    {
        if (_exports.Remove(export))
        {
            _closedExports.Add(export.Id);
            export.End();
            _link.Control.Wake();
        }
    }

    internal void OnClosed(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > FrameWriter.HeaderBytes + 2 && rest[4] == (byte)LinkFrameKind.StreamFrame)
        {
            // The entries that came whole of a part that was cut are as good as told.
            FrameReader reader = new(rest[FrameWriter.HeaderBytes..]);
            Import(reader.UInt16())?.OnTruncated(reader.Rest);
        }

        foreach (ExportStream export in _exports)
        {
            export.End();
        }

        foreach (ImportStream import in _imports)
        {
            import.End();
        }
    }

    private int Count(LinkFrameKind kind, int bytes)
    {
        _sentBytes[(int)kind] += bytes;
        return bytes;
    }

    private ImportStream? Import(ushort id) => _imports.Find(import => import.Id == id);

    private void OnOpen(ref FrameReader reader)
    {
        ushort id = reader.UInt16();
        StreamKind kind = (StreamKind)reader.Byte();
        string region = reader.Text();
        if (!reader.Failed && Import(id) is null && _imports.Count <= _mesh.Limits.MaxRegions + 2
            && _mesh.Interest.OnStreamOpened(_link, kind, region) is { } table)
        {
            _imports.Add(new ImportStream(id, table));
        }
    }

    private void OnClose(ushort id)
    {
        if (Import(id) is { } import)
        {
            _imports.Remove(import);
            import.End();
            _mesh.Interest.OnStreamClosed(_link, import.Source);
        }
    }

    private string? OnSaid(LinkFrameKind kind, ushort id, ReadOnlySpan<byte> body)
    {
        // A stream that this side has closed may still be spoken of.
        ExportStream? export = _exports.Find(export => export.Id == id);
        return export is null ? null : kind == LinkFrameKind.StreamState ? export.OnState(body) : export.OnReply(body);
    }

    private int FillPlain(Span<byte> room, long now)
    {
        int at = 0;
        if (_goodbyeDue && !_goodbyeSent)
        {
            FrameWriter writer = new(room, LinkFrameKind.Goodbye);
            writer.UInt64((ulong)(_link.Data?.SentMessages ?? 0));
            at += Count(LinkFrameKind.Goodbye, writer.End());
            _goodbyeSent = at > 0;
        }

        if (_pongDue != 0)
        {
            int written = Heartbeat(room[at..], LinkFrameKind.Pong, _pongDue);
            _pongDue = written > 0 ? 0 : _pongDue;
            at += written;
        }

        if (_link.Meter.PingIsDue(now) && room.Length - at >= FrameWriter.HeaderBytes + 8)
        {
            at += Heartbeat(room[at..], LinkFrameKind.Ping, _link.Meter.BeginPing(now));
        }

        if (_membersSent != _mesh.MembersVersion)
        {
            (_membersSent, _membersPage) = (_mesh.MembersVersion, 0);
        }

        while (_membersPage >= 0 && room.Length - at >= Mesh.MembersRoomBytes)
        {
            FrameWriter writer = new(room[at..], LinkFrameKind.Members);
            _membersPage = _mesh.WriteMembers(_link, ref writer, _membersPage);
            at += Count(LinkFrameKind.Members, writer.End());
        }

        for (; _closedExports.Count > 0 && room.Length - at >= FrameWriter.HeaderBytes + 2; _closedExports.RemoveAt(0))
        {
            FrameWriter writer = new(room[at..], LinkFrameKind.StreamClose);
            writer.UInt16(_closedExports[0]);
            at += Count(LinkFrameKind.StreamClose, writer.End());
        }

        return at;
    }

    private int Heartbeat(Span<byte> room, LinkFrameKind kind, ulong number)
    {
        FrameWriter writer = new(room, kind);
        writer.UInt64(number);
        return Count(kind, writer.End());
    }

    private int FillStream(Span<byte> room)
    {
        foreach (ExportStream export in _exports)
        {
            if (export.TakeOpenDue())
            {
                FrameWriter open = new(room, LinkFrameKind.StreamOpen);
                open.UInt16(export.Id);
                open.Byte((byte)export.Kind);
                open.Text(export.Region);
                return Count(LinkFrameKind.StreamOpen, open.End());
            }
        }

        foreach (ImportStream import in _imports)
        {
            LinkFrameKind kind = import.NextKind;
            FrameWriter reply = new(room, kind);
            reply.UInt16(import.Id);
            int body = import.TryWrite(reply.Rest);
            if (body > 0)
            {
                reply.Advance(body);
                return Count(kind, reply.End());
            }
        }

        for (int i = 0; i < _exports.Count; i++)
        {
            ExportStream export = _exports[(_nextExport + i) % _exports.Count];
            FrameWriter frame = new(room, LinkFrameKind.StreamFrame);
            frame.UInt16(export.Id);
            int body = export.TryWrite(frame.Rest, _link.Meter.WindowBytes);
            if (body > 0)
            {
                _nextExport = (_nextExport + i + 1) % _exports.Count;
                frame.Advance(body);
                return Count(LinkFrameKind.StreamFrame, frame.End());
            }
        }

        return 0;
    }
}
