using System.Text;

namespace Causeway.Cli.Bench;

/// <summary>
/// One frame repeated over a block, to compare many equal frames with a received block by one vectorised comparison.
/// Immutable, shared by all connections that expect the same frame.
/// </summary>
internal sealed class FrameTemplate
{
    /// <summary>Small enough to stay in the first-level cache beside the received block.</summary>
    private const int BlockBytes = 8 * 1024;

    private readonly byte[] _block;

    public FrameTemplate(ReadOnlySpan<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frame.Length);
        FrameLength = frame.Length;
        int copies = Math.Max(1, BlockBytes / frame.Length) + 1;
        _block = new byte[copies * frame.Length];
        for (int i = 0; i < copies; i++)
        {
            frame.CopyTo(_block.AsSpan(i * frame.Length));
        }
    }

    public int FrameLength { get; }

    /// <summary>The first bytes of the frame.</summary>
    public ReadOnlySpan<byte> Prefix(int length) => _block.AsSpan(0, length);

    /// <summary>The frame from a position within it to its end, then more whole frames.</summary>
    public ReadOnlySpan<byte> From(int position) => _block.AsSpan(position);

    /// <summary>The frame a server sends for a message without headers.</summary>
    public static FrameTemplate Message(string subject, int sid, ReadOnlySpan<byte> payload) =>
        new([.. Encoding.ASCII.GetBytes($"MSG {subject} {sid} {payload.Length}\r\n"), .. payload, (byte)'\r', (byte)'\n']);
}
