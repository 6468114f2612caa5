using Causeway.Core.Interest;

namespace Causeway.Core.Tests.Interest;

/// <summary>A compression for tests; a node has a better one.</summary>
internal sealed class DeflateCompressor : IBlockCompressor
{
    public int TryCompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using MemoryStream stream = new();
        using (System.IO.Compression.DeflateStream deflate = new(stream, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(source);
        }

        return stream.ToArray().AsSpan().TryCopyTo(destination) ? (int)stream.Length : 0;
    }

    public int TryDecompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        try
        {
            using MemoryStream stream = new(source.ToArray());
            using System.IO.Compression.DeflateStream deflate = new(stream, System.IO.Compression.CompressionMode.Decompress);
            return deflate.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            return 0;
        }
    }
}
