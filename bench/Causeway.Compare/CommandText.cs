using System.CommandLine;

namespace Causeway.Compare;

/// <summary>What the command lines of the comparisons have alike.</summary>
internal static class CommandText
{
    /// <summary>The exit code for wrong options.</summary>
    public const int Usage = 2;

    /// <summary>Reads a command line and does what it asks for; returns the exit code.</summary>
    public static int Run(RootCommand root, string[] arguments, Func<ParseResult, int> execute)
    {
        root.SetAction(execute);
        ParseResult result = root.Parse(arguments);
        int code = result.Invoke();
        return result.Errors.Count > 0 ? Usage : code;
    }

    /// <summary>The values of an option that may be repeated or separated by commas.</summary>
    public static string[] Split(string[]? values) =>
        [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>Writes a report to the file that was asked for, if one was.</summary>
    public static void Save(string? path, string text)
    {
        if (path is not null)
        {
            File.WriteAllText(path, text);
        }
    }

    /// <summary>The command line as it was typed, without what the launcher adds.</summary>
    public static string AsTyped(string launcher, string[] arguments)
    {
        int root = Array.IndexOf(arguments, "--root");
        return string.Join(' ', [launcher, .. arguments.Where((_, at) => root < 0 || (at != root && at != root + 1))]);
    }

    /// <summary>How often and how long each load is measured; where it was not said, <paramref name="usual"/>, or one round if it is to be quick.</summary>
    /// <exception cref="CompareException">It is too much.</exception>
    public static (int Rounds, double Seconds) Amounts(int rounds, double seconds, bool quick, (double Quick, double Else) usual) => seconds is < 0 or > 30 || rounds is < 0 or > 100
        ? throw new CompareException("--seconds is at most 30, --rounds at most 100")
        : (rounds > 0 ? rounds : quick ? 1 : 3, seconds > 0 ? seconds : quick ? usual.Quick : usual.Else);

    /// <summary>Those that were asked for by name, all where none was.</summary>
    /// <exception cref="CompareException">There is none of a name.</exception>
    public static List<T> Chosen<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string[]? values)
    {
        string[] names = Split(values);
        string? unknown = names.FirstOrDefault(name => all.All(one => nameOf(one) != name));
        return unknown is null
            ? [.. all.Where(one => names.Length == 0 || names.Contains(nameOf(one)))]
            : throw new CompareException($"--only: nothing is called {unknown}; --list shows what there is");
    }
}
