using System.Text;

namespace Causeway.Drill.Processes;

/// <summary>What a process writes: appended to a file up to <see cref="MaxBytes"/>, the end of it kept. Thread-safe.</summary>
public sealed class ChildLog : IDisposable
{
    /// <summary>Most that is written to the file; the rest is counted, and the count written at the end.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private const int MaxTailBytes = 4096;
    private const int CopyBytes = 8192;

    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly MemoryStream _tail = new();
    private long _written;
    private long _dropped;
    private bool _ended;

    internal ChildLog(string path) => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

    /// <summary>The end of what was written.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                byte[] all = _tail.ToArray();
                return Encoding.UTF8.GetString(all.AsSpan(Math.Max(0, all.Length - MaxTailBytes)));
            }
        }
    }

    /// <summary>Ends the file; what still comes is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (_dropped > 0)
            {
                _file.Write(Encoding.UTF8.GetBytes($"\n({_dropped} more bytes were left out)\n"));
            }

            _file.Dispose();
        }
    }

    /// <summary>Copies until the stream's end.</summary>
    internal async Task CopyAsync(Stream from)
    {
        byte[] buffer = new byte[CopyBytes];
        int count;
        while ((count = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            Append(buffer.AsSpan(0, count));
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_tail.Length > 4 * MaxTailBytes)
            {
                byte[] kept = _tail.ToArray()[^MaxTailBytes..];
                _tail.SetLength(0);
                _tail.Write(kept);
            }

            _tail.Write(bytes);
            if (_ended || _written + bytes.Length > MaxBytes)
            {
                _dropped += bytes.Length;
                return;
            }

            _file.Write(bytes);
            _file.Flush();
            _written += bytes.Length;
        }
    }
}
