namespace Causeway.Interop.Tests.Servers;

/// <summary>Writes the configuration file of a server under test.</summary>
public static class ConfigurationFile
{
    /// <summary>Where the file of <paramref name="server"/> is that listens on <paramref name="ports"/>.</summary>
    public static string PathFor(string server, LoopbackPorts ports)
    {
        string folder = Path.Combine(RepositoryPaths.Artifacts, server);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{ports.Client}.conf");
    }

    /// <summary>Writes the file and returns its path.</summary>
    public static string Write(string server, LoopbackPorts ports, string text)
    {
        string path = PathFor(server, ports);
        File.WriteAllText(path, text);
        return path;
    }
}
