namespace Causeway.Bus.Tests.Support;

/// <summary>The sockets, epoll sets and event descriptors that this process has open.</summary>
internal static class OpenFiles
{
    private const string Directory = "/proc/self/fd";

    public static int Count()
    {
        int count = 0;
        foreach (string path in System.IO.Directory.EnumerateFileSystemEntries(Directory))
        {
            string? target = TargetOf(path);
            if (target is not null && (target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("anon_inode:", StringComparison.Ordinal)))
            {
                count++;
            }
        }

        return count;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            // Closed since the directory was read, as the one that reads it.
            return null;
        }
    }
}
