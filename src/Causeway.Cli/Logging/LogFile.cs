namespace Causeway.Cli.Logging;

/// <summary>A log file that is appended to. One that is full is put aside as FILE.1, in place of the one before. Not thread-safe.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly string _path;
    private readonly long _maxBytes;
    private FileStream _stream;

    /// <summary>Opens <paramref name="path"/>. Throws IOException or UnauthorizedAccessException if it can't be had.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Size from which it is put aside; 0 for never.</param>
    public LogFile(string path, long maxBytes)
    {
        _path = Path.GetFullPath(path);
        _maxBytes = maxBytes;
        _stream = Open();
    }

    /// <summary>Appends <paramref name="bytes"/>, whole lines, and sees that they are in the file.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_maxBytes > 0 && _stream.Length > 0 && _stream.Length + bytes.Length > _maxBytes)
        {
            File.Move(_path, _path + ".1", overwrite: true);
            Reopen();
        }

        _stream.Write(bytes);
        _stream.Flush();
    }

    /// <summary>Opens the file under its name again, where another may be by now. If it can't be had, the old one stays.</summary>
    public void Reopen()
    {
        FileStream next = Open();
        _stream.Dispose();
        _stream = next;
    }

    public void Dispose() => _stream.Dispose();

    private FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}
