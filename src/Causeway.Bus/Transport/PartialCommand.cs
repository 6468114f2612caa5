using Causeway.Core.Memory;

namespace Causeway.Bus.Transport;

/// <summary>
/// The beginning of a command, kept until the rest of it comes. A small one is put in front of what is read next; one larger than
/// the loop's receive buffer gets a block of its full size, into which the rest is read. Part of one connection.
/// </summary>
internal struct PartialCommand(BlockPool pool, MemoryAccount account)
{
    private Block? _block;
    private int _needed;

    /// <summary>True if the rest is to be read into <see cref="Room"/>.</summary>
    public readonly bool IsLarge => _block is not null && _needed > 0;

    /// <summary>Where the rest of a large command goes.</summary>
    public readonly Span<byte> Room => _block!.Rest[..(_needed - _block.Length)];

    /// <summary>
    /// Keeps <paramref name="rest"/>, the beginning of a command of <paramref name="needed"/> bytes or, if that is 0, of a size not
    /// known yet. False if memory has no room for it.
    /// </summary>
    public bool TryKeep(ReadOnlySpan<byte> rest, int needed, int bufferBytes)
    {
        _needed = needed > bufferBytes ? needed : 0;
        int size = Math.Max(rest.Length, _needed);
        _block = size > BlockPool.SmallBytes
            ? pool.TryLease(account, MemoryUse.Receive, size)
            : pool.LeaseRegardless(account, MemoryUse.Receive, size);
        if (_block is null)
        {
            return false;
        }

        rest.CopyTo(_block.Whole);
        _block.End = rest.Length;
        return true;
    }

    /// <summary>Moves what was kept of a small command to the start of <paramref name="buffer"/> and returns how much it is.</summary>
    public int MoveTo(Span<byte> buffer)
    {
        if (_block is null)
        {
            return 0;
        }

        int length = _block.Length;
        _block.Used.CopyTo(buffer);
        Release();
        return length;
    }

    /// <summary>Notes that <paramref name="bytes"/> came into <see cref="Room"/>; gives the whole command once it is there.</summary>
    public readonly ReadOnlySpan<byte> Received(int bytes)
    {
        _block!.End += bytes;
        return _block.Length == _needed ? _block.Used : default;
    }

    /// <summary>Gives the block back.</summary>
    public void Release()
    {
        if (_block is { } block)
        {
            _block = null;
            pool.Return(block);
        }
    }
}
