namespace Causeway.Interop.Tests.Servers;

/// <summary>Finds installed programs.</summary>
public static class Programs
{
    public static string? Find(string name, IReadOnlyList<string> extraFolders)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return folders.Concat(extraFolders)
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
