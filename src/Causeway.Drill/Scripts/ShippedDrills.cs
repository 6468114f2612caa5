using System.Reflection;

namespace Causeway.Drill.Scripts;

/// <summary>The drills that come with the program.</summary>
internal static class ShippedDrills
{
    private const string Folder = "Shipped/";
    private const string Ending = ".yaml";

    private static readonly Assembly Home = typeof(ShippedDrills).Assembly;

    /// <summary>Their names in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Home.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a shipped drill's file.</summary>
    public static string Text(string name)
    {
        using StreamReader reader = new(Home.GetManifestResourceStream($"{Folder}{name}{Ending}")!);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// The drill that a name or a file's path means: a shipped one has the precedence; a path has a slash or ends with .yaml or .yml.
    /// </summary>
    /// <exception cref="ScriptException">The file is wrong.</exception>
    /// <exception cref="ArgumentException">There is no such drill or file.</exception>
    public static DrillScript Find(string nameOrPath)
    {
        if (Names.Contains(nameOrPath))
        {
            return ScriptReader.Read(nameOrPath + Ending, Text(nameOrPath));
        }

        bool isPath = nameOrPath.Contains('/', StringComparison.Ordinal) || Path.GetExtension(nameOrPath) is ".yaml" or ".yml";
        if (!isPath)
        {
            throw new ArgumentException($"'{nameOrPath}' is not a drill; accepted is {string.Join(", ", Names)}, or the path of a .yaml file");
        }

        try
        {
            FileInfo file = new(nameOrPath);
            if (file.Exists && file.Length > ScriptLimits.FileCharactersMax * 4L)
            {
                throw new ArgumentException($"'{nameOrPath}' has {file.Length} bytes; accepted is a file of up to {ScriptLimits.FileCharactersMax} characters");
            }

            return ScriptReader.Read(nameOrPath, File.ReadAllText(nameOrPath));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"'{nameOrPath}' can't be read: {ScriptText.OneLine(problem.Message)}", problem);
        }
    }
}
