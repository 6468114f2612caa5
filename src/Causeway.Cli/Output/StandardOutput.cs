using System.Runtime.InteropServices;

namespace Causeway.Cli.Output;

/// <summary>
/// Standard output as bytes, buffered. <see cref="Console"/>'s stream swallows the error when the reader of a pipe has gone, and
/// a command that prints for ever would never end; this one throws <see cref="OutputClosedException"/>.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed partial class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int BrokenPipe = 32;
    private const int BufferLength = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferLength];
    private int _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > _buffer.Length - _length)
        {
            Flush();
        }

        if (buffer.Length > _buffer.Length)
        {
            WriteAll(buffer);
            return;
        }

        buffer.CopyTo(_buffer.AsSpan(_length));
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        int length = _length;
        _length = 0;
        WriteAll(_buffer.AsSpan(0, length));
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = WriteDescriptor(Descriptor, bytes, bytes.Length);
            int error = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == Again)
            {
                // Another program has made the terminal that it shares with this one non-blocking.
                Thread.Sleep(1);
            }

            bytes = error switch
            {
                0 => bytes[(int)written..],
                Interrupted or Again => bytes,
                BrokenPipe => throw new OutputClosedException(),
                _ => throw new IOException($"can't write the output: {Marshal.GetPInvokeErrorMessage(error)}"),
            };
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteDescriptor(int descriptor, ReadOnlySpan<byte> bytes, nint count);
}
