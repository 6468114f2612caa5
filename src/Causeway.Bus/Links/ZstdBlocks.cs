using Causeway.Core.Interest;
using ZstdSharp;

namespace Causeway.Bus.Links;

/// <summary>Compresses the text of patterns and queue groups with Zstandard. Belongs to the loop of the links.</summary>
internal sealed class ZstdBlocks : IBlockCompressor, IDisposable
{
    private readonly Compressor _compressor = new(3);
    private readonly Decompressor _decompressor = new();

    public int TryCompress(ReadOnlySpan<byte> from, Span<byte> to) =>
        _compressor.TryWrap(from, to, out int written) ? written : 0;

    public int TryDecompress(ReadOnlySpan<byte> from, Span<byte> to)
    {
        try
        {
            return _decompressor.TryUnwrap(from, to, out int written) ? written : 0;
        }
        catch (ZstdException)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }
}
