using Causeway.Cli.Output;

namespace Causeway.Cli.NatsServer;

/// <summary>
/// Reads a command line as Go's package flag does: <c>-name</c>, <c>--name</c>, <c>-name=value</c>, <c>-name value</c>, up to the first word
/// that is no flag or behind <c>--</c>. A switch takes its value behind <c>=</c> only.
/// </summary>
internal sealed class GoFlags
{
    private static readonly string[] True = ["1", "t", "T", "true", "TRUE", "True"];
    private static readonly string[] False = ["0", "f", "F", "false", "FALSE", "False"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Reads <paramref name="args"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="known">What a name stands for, and whether it is a switch; null for a name that is not known.</param>
    public GoFlags(IReadOnlyList<string> args, Func<string, (string Flag, bool IsSwitch)?> known)
    {
        int at = 0;
        while (at < args.Count && args[at] is ['-', _, ..] && args[at] != "--" && Fault is null)
        {
            at = Read(args, at, known);
        }

        Rest = [.. args.Skip(at < args.Count && args[at] == "--" ? at + 1 : at)];
    }

    /// <summary>What is wrong, null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The words behind the flags.</summary>
    public IReadOnlyList<string> Rest { get; }

    /// <summary>The flags that were given, in order of their first coming.</summary>
    public IEnumerable<string> Given => _values.Keys;

    /// <summary>A flag's value, the last if it came more than once; null if it was not given.</summary>
    public string? this[string flag] => _values.GetValueOrDefault(flag);

    /// <summary>True if the switch was given and not switched off.</summary>
    public bool IsOn(string flag) => this[flag] == "true";

    private int Read(IReadOnlyList<string> args, int at, Func<string, (string Flag, bool IsSwitch)?> known)
    {
        string word = args[at].StartsWith("--", StringComparison.Ordinal) ? args[at][2..] : args[at][1..];
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word : word[..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        if (known(name) is not { } flag)
        {
            Fault = $"'{ShownWord.Of(args[at])}' is not a flag";
            return at + 1;
        }

        if (flag.IsSwitch)
        {
            if (value is not null && !True.Contains(value) && !False.Contains(value))
            {
                Fault = $"'-{name}={ShownWord.Of(value)}' can't be read; accepted is -{name}, or true or false behind =";
            }

            _values[flag.Flag] = value is null || True.Contains(value) ? "true" : "false";
            return at + 1;
        }

        if (value is null && ++at >= args.Count)
        {
            Fault = $"'-{name}' needs a value behind it";
            return at;
        }

        _values[flag.Flag] = value ?? args[at];
        return at + 1;
    }
}
