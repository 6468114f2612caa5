using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Causeway.Bus.Transport;

/// <summary>
/// A level-triggered epoll set. <see cref="Wait"/> is for one thread; <see cref="Add"/>, <see cref="Modify"/>, <see cref="Remove"/>
/// may be called from any. Each descriptor carries a 64-bit token that comes back with its events (epoll(7)).
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    // The kernel packs epoll_event on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly byte* _events;
    private readonly int _maxEvents;
    private int _fd;

    public Epoll(int maxEvents)
    {
        _maxEvents = maxEvents;
        _fd = Libc.EpollCreate();
        if (_fd < 0)
        {
            throw new IOException($"epoll_create1 failed with errno {Libc.Errno}");
        }

        _events = (byte*)NativeMemory.AllocZeroed((nuint)(maxEvents * EventSize));
    }

    public void Add(int fd, int events, long token) => Control(Libc.EpollCtlAdd, fd, events, token);

    public void Modify(int fd, int events, long token) => Control(Libc.EpollCtlMod, fd, events, token);

    public void Remove(int fd) => Control(Libc.EpollCtlDel, fd, 0, 0);

    /// <summary>Waits for events and returns how many there are; 0 on timeout or interruption. -1 as timeout waits for ever.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        int count = Libc.EpollWait(_fd, _events, _maxEvents, timeoutMilliseconds);
        if (count >= 0)
        {
            return count;
        }

        int errno = Libc.Errno;
        return errno == Libc.Eintr ? 0 : throw new IOException($"epoll_wait failed with errno {errno}");
    }

    /// <summary>The event at <paramref name="index"/> of the last <see cref="Wait"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Events, long Token) Event(int index)
    {
        byte* at = _events + (index * EventSize);
        return (Unsafe.ReadUnaligned<int>(at), Unsafe.ReadUnaligned<long>(at + DataOffset));
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.Close(_fd);
            _fd = -1;
            NativeMemory.Free(_events);
        }
    }

    private void Control(int op, int fd, int events, long token)
    {
        byte* epollEvent = stackalloc byte[16];
        Unsafe.WriteUnaligned(epollEvent, events);
        Unsafe.WriteUnaligned(epollEvent + DataOffset, token);
        if (Libc.EpollCtl(_fd, op, fd, epollEvent) < 0)
        {
            throw new IOException($"epoll_ctl operation {op} on descriptor {fd} failed with errno {Libc.Errno}");
        }
    }
}
