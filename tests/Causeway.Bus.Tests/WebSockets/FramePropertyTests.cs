using System.Buffers.Binary;
using System.Net.WebSockets;
using Causeway.Bus.WebSockets;
using CsCheck;
using Xunit;

namespace Causeway.Bus.Tests.WebSockets;

/// <summary>
/// Any frames in any pieces through the mask check and the codec, beside a model of RFC 6455: what is delivered is what the model says, up to
/// the first frame that is not right, and that is answered with a close frame that says so.
/// </summary>
public sealed class FramePropertyTests
{
    private const int Continuation = 0;
    private const int Binary = 2;
    private const int CloseFrame = 8;
    private const int Ping = 9;
    private const int ProtocolError = 1002;

    private static readonly Gen<Frame> Data = Gen.Select(
        Gen.Frequency((4, Binary), (6, Continuation)), Gen.Bool, Gen.OneOf(Gen.Int[0, 200], Gen.OneOf(125, 126, 65_535, 65_536)), (opcode, isFinal, length) => new Frame(opcode, isFinal, true, 0, Payload(length)));

    private static readonly Gen<Frame> Control = Gen.Select(Gen.OneOf(Ping, Ping + 1), Gen.Int[0, 125], (opcode, length) => new Frame(opcode, true, true, 0, Payload(length)));

    private static readonly Gen<Frame> Closing = Gen.OneOf(0, 1000, 1001, 1003, 1011, 3000, 4999, 999, 1004, 1005, 1006, 1015, 2999, 5000)
        .Select(code => new Frame(CloseFrame, true, true, 0, code == 0 ? [] : [(byte)(code >> 8), (byte)code]));

    private static readonly Gen<Frame> Wrong = Gen.Select(Gen.Int[0, 15], Gen.Bool, Gen.Bool, Gen.Int[0, 7], Gen.Int[0, 130], (opcode, isFinal, isMasked, reserved, length) =>
        new Frame(opcode is 1 or CloseFrame ? Binary : opcode, isFinal, isMasked, reserved, Payload(length)));

    private static readonly Gen<Frame> Any = Gen.Frequency((20, Data), (6, Control), (1, Closing), (2, Wrong));

    [Fact]
    public Task What_is_delivered_and_how_it_ends_is_as_the_standard_says() =>
        Gen.Select(Any.Array[0, 15], Gen.OneOf(Gen.Int[1, 4], Gen.Int[1, 3000]).Array[1, 20]).SampleAsync(
            async (any, sizes) =>
            {
                // Nothing comes behind a close.
                int closes = Array.FindIndex(any, frame => frame.Opcode == CloseFrame);
                Frame[] frames = closes < 0 ? any : any[..(closes + 1)];
                Model model = new(frames);
                PieceStream connection = new([.. frames.SelectMany(frame => frame.ToBytes())], sizes);
                (byte[] delivered, bool isClosed) = await ReadAsync(connection);

                Assert.True(model.Delivered.AsSpan().StartsWith(delivered));
                // Frames that came in one piece with one that has no mask go with it.
                Assert.True(frames.Any(frame => !frame.IsMasked) || model.Delivered.Length == delivered.Length, "not all was delivered");
                // One that ends its half without a close frame has closed as well.
                Assert.Equal(!model.IsWrong, isClosed);
                Assert.Equal(model.IsWrong ? ProtocolError : null, connection.CloseCode());
            },
            iter: 1000);

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(number => (byte)number)];

    /// <summary>Receives as the node does; what was delivered, and whether the other side closed as it should.</summary>
    private static async Task<(byte[] Delivered, bool IsClosed)> ReadAsync(PieceStream connection)
    {
        List<byte> delivered = [];
        await using MaskedStream masked = new(connection);
        using WebSocket socket = WebSocket.CreateFromStream(masked, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        masked.Refuse = () => WebSocketPipe.RefuseAsync(socket);
        byte[] buffer = new byte[1000];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult read = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    return ([.. delivered], true);
                }

                delivered.AddRange(buffer.AsSpan(0, read.Count));
            }
        }
        catch (WebSocketException)
        {
            return ([.. delivered], false);
        }
    }

    /// <summary>A frame as a client sends it.</summary>
    private sealed record Frame(int Opcode, bool IsFinal, bool IsMasked, int Reserved, byte[] Payload)
    {
        public bool IsControl => Opcode >= CloseFrame;

        public byte[] ToBytes()
        {
            int mask = IsMasked ? 0x80 : 0;
            byte[] length = Payload.Length > ushort.MaxValue ? [(byte)(mask | 127), 0, 0, 0, 0, 0, (byte)(Payload.Length >> 16), (byte)(Payload.Length >> 8), (byte)Payload.Length]
                : Payload.Length > 125 ? [(byte)(mask | 126), (byte)(Payload.Length >> 8), (byte)Payload.Length]
                : [(byte)(mask | Payload.Length)];
            byte[] key = IsMasked ? [1, 2, 3, 4] : [];
            return [(byte)((IsFinal ? 0x80 : 0) | (Reserved << 4) | Opcode), .. length, .. key, .. IsMasked ? Payload.Select((value, at) => (byte)(value ^ key[at % 4])) : Payload];
        }
    }

    /// <summary>What RFC 6455 makes of frames: section 5 of frames, 7.4 of codes.</summary>
    private sealed class Model
    {
        private readonly List<byte> _delivered = [];
        private readonly bool _isWithin;

        public Model(IEnumerable<Frame> frames)
        {
            foreach (Frame frame in frames)
            {
                IsWrong = !IsRight(frame);
                if (IsWrong)
                {
                    return;
                }

                if (frame.Opcode == CloseFrame)
                {
                    return;
                }

                if (!frame.IsControl)
                {
                    _isWithin = !frame.IsFinal;
                    _delivered.AddRange(frame.Payload);
                }
            }
        }

        public byte[] Delivered => [.. _delivered];

        public bool IsWrong { get; }

        private bool IsRight(Frame frame) => frame.IsMasked && frame.Reserved == 0 && frame.Opcode switch
        {
            Continuation => _isWithin,
            Binary => !_isWithin,
            CloseFrame => frame.Payload.Length == 0 || BinaryPrimitives.ReadUInt16BigEndian(frame.Payload) is (>= 1000 and <= 1003) or (>= 1007 and <= 1011) or (>= 3000 and <= 4999),
            Ping or Ping + 1 => frame.IsFinal && frame.Payload.Length <= 125,
            _ => false,
        };
    }

    /// <summary>A connection that gives what was sent in pieces of given sizes, and keeps what is written.</summary>
    private sealed class PieceStream(byte[] sent, int[] sizes) : MemoryStream
    {
        private readonly MemoryStream _written = new();
        private int _at;
        private int _piece;

        /// <summary>The code of the close frame that was written; null if there is none.</summary>
        public int? CloseCode()
        {
            ReadOnlySpan<byte> rest = _written.ToArray();
            while (rest.Length > 1)
            {
                int length = rest[1];
                if (rest[0] == (0x80 | CloseFrame))
                {
                    return BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                }

                rest = rest[(2 + length)..];
            }

            return null;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(Math.Min(sizes[_piece++ % sizes.Length], buffer.Length), sent.Length - _at);
            sent.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _written.WriteAsync(buffer, CancellationToken.None);
    }
}
