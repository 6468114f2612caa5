using System.Runtime.InteropServices;

namespace Causeway.Core.Tests.Support;

/// <summary>
/// Memory with an unreadable page before and behind it: who reads one byte outside what was put there ends the process at once.
/// </summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nuint _page = (nuint)Environment.SystemPageSize;
    private readonly nuint _size;
    private readonly byte* _mapping;

    /// <summary>Creates a buffer for at least <paramref name="capacity"/> bytes.</summary>
    public GuardedBuffer(int capacity)
    {
        _size = ((nuint)capacity + _page - 1) / _page * _page;
        _mapping = (byte*)Map(null, _size + (2 * _page), ReadWrite, PrivateAnonymous, -1, 0);
        if (_mapping == (byte*)-1 || Protect(_mapping, _page, NoAccess) != 0 || Protect(_mapping + _page + _size, _page, NoAccess) != 0)
        {
            throw new InvalidOperationException("no guarded memory to be had");
        }
    }

    /// <summary>A copy of <paramref name="data"/> whose last byte is the last readable one.</summary>
    public ReadOnlySpan<byte> PutAtEnd(ReadOnlySpan<byte> data)
    {
        Span<byte> room = new(_mapping + _page + _size - (nuint)data.Length, data.Length);
        data.CopyTo(room);
        return room;
    }

    /// <summary>A copy of <paramref name="data"/> whose first byte is the first readable one.</summary>
    public ReadOnlySpan<byte> PutAtStart(ReadOnlySpan<byte> data)
    {
        Span<byte> room = new(_mapping + _page, data.Length);
        data.CopyTo(room);
        return room;
    }

    public void Dispose() => _ = Unmap(_mapping, _size + (2 * _page));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
