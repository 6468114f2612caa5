using System.Globalization;

namespace Causeway.Bus.Configuration.Syntax;

/// <summary>
/// Reads nats-server's configuration syntax: keys and values with <c>=</c>, <c>:</c> or a blank between them, blocks, lists, comments,
/// texts, numbers with suffixes, variables (<c>$NAME</c>, from the file or the environment) and <c>include</c>. Files and variables
/// of the environment come from the caller, so that it has no world of its own. One use, one thread.
/// </summary>
public sealed class ConfigurationParser
{
    private readonly Func<string, string> _readFile;
    private readonly Func<string, string?> _environment;
    private readonly List<Dictionary<string, ConfigurationValue>> _scopes = [];
    private int _includes;
    private int _includeDepth;
    private int _depth;

    /// <summary>
    /// Creates a parser. <paramref name="readFile"/> gives a file's text and throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> if it can't; <paramref name="environment"/> gives a variable or null.
    /// </summary>
    public ConfigurationParser(Func<string, string> readFile, Func<string, string?> environment)
    {
        _readFile = readFile;
        _environment = environment;
    }

    /// <summary>Reads the file <paramref name="path"/> from disk, with what it includes and the environment's variables.</summary>
    /// <exception cref="ConfigurationException">It can't be read or is not right.</exception>
    public static ConfigurationBlock ReadFile(string path) => new ConfigurationParser(ReadBounded, Environment.GetEnvironmentVariable).ParseFile(path);

    /// <summary>Reads the file <paramref name="path"/>.</summary>
    /// <exception cref="ConfigurationException">It can't be read or is not right.</exception>
    public ConfigurationBlock ParseFile(string path) => Parse(path, Open(path, new ConfigurationPlace(path, 1)));

    /// <summary>Reads <paramref name="text"/>, which <paramref name="file"/> names in errors.</summary>
    /// <exception cref="ConfigurationException">It is not right.</exception>
    public ConfigurationBlock Parse(string file, string text)
    {
        ConfigurationScanner scanner = new(file, text);
        ConfigurationPlace place = scanner.Place;
        scanner.PassSeparators();
        // A file may be a JSON object.
        bool braces = scanner.Take('{');
        _scopes.Add([]);
        List<ConfigurationEntry> entries = ReadEntries(scanner, braces, file);
        _scopes.RemoveAt(_scopes.Count - 1);
        scanner.PassSeparators();
        if (!scanner.IsAtEnd)
        {
            throw new ConfigurationException(scanner.Place, $"'{scanner.Next}' stands behind the end; accepted is a key and its value");
        }

        return new ConfigurationBlock(place, entries);
    }

    private static string ReadBounded(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > ConfigurationLimits.MaxFileBytes)
        {
            throw new IOException($"it has {file.Length} bytes; accepted are {ConfigurationLimits.MaxFileBytes} at most");
        }

        using StreamReader reader = new(file);
        return reader.ReadToEnd();
    }

    private string Open(string path, ConfigurationPlace place)
    {
        try
        {
            return _readFile(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException(place, $"'{path}' can't be read: {fault.Message}");
        }
    }

    private List<ConfigurationEntry> ReadEntries(ConfigurationScanner scanner, bool braces, string file)
    {
        Dictionary<string, int> index = new(StringComparer.OrdinalIgnoreCase);
        List<ConfigurationEntry> entries = [];
        void Add(ConfigurationEntry entry)
        {
            // The same key again replaces what was there.
            if (index.TryGetValue(entry.Key, out int at))
            {
                entries[at] = entry;
            }
            else
            {
                index[entry.Key] = entries.Count;
                entries.Add(entry);
            }

            _scopes[^1][entry.Key] = entry.Value;
        }

        while (true)
        {
            scanner.PassSeparators();
            ConfigurationPlace place = scanner.Place;
            if (scanner.IsAtEnd)
            {
                return braces ? throw new ConfigurationException(place, "a block that begins with { has no end; accepted is } behind it") : entries;
            }

            if (braces && scanner.Take('}'))
            {
                return entries;
            }

            bool quoted = scanner.Next is '"' or '\'';
            string key = scanner.ReadKey();
            if (key.Length == 0)
            {
                throw new ConfigurationException(place, $"'{scanner.Next}' is no key; accepted is a key and its value");
            }

            if (!quoted && key == "include")
            {
                Include(scanner, place, file).ForEach(Add);
                continue;
            }

            scanner.PassAssignment();
            Add(new ConfigurationEntry(key, place, ReadValue(scanner, file, ConfigurationReading.NameOf(key))));
        }
    }

    private List<ConfigurationEntry> Include(ConfigurationScanner scanner, ConfigurationPlace place, string file)
    {
        scanner.PassAssignment();
        string name = scanner.Next is '"' or '\'' ? scanner.ReadQuoted() : scanner.ReadBare();
        if (name.Length == 0)
        {
            throw new ConfigurationException(place, "include needs the name of a file");
        }

        if (++_includes > ConfigurationLimits.MaxIncludes || _includeDepth >= ConfigurationLimits.MaxIncludeDepth)
        {
            throw new ConfigurationException(
                place, $"too many files are included; accepted are {ConfigurationLimits.MaxIncludes}, {ConfigurationLimits.MaxIncludeDepth} within each other");
        }

        string path = Path.IsPathRooted(name) ? name : Path.Combine(Path.GetDirectoryName(file) ?? "", name);
        _includeDepth++;
        ConfigurationScanner included = new(path, Open(path, place));
        // What is included stands in the same scope: its variables are seen behind it.
        List<ConfigurationEntry> entries = ReadEntries(included, braces: false, path);
        _includeDepth--;
        return entries;
    }

    private ConfigurationValue ReadValue(ConfigurationScanner scanner, string file, string of)
    {
        ConfigurationPlace place = scanner.Place;
        switch (scanner.Next)
        {
            case '{':
                scanner.Take('{');
                Descend(place);
                _scopes.Add([]);
                List<ConfigurationEntry> entries = ReadEntries(scanner, braces: true, file);
                _scopes.RemoveAt(_scopes.Count - 1);
                _depth--;
                return new ConfigurationBlock(place, entries);
            case '[':
                scanner.Take('[');
                Descend(place);
                ConfigurationList list = ReadList(scanner, place, file);
                _depth--;
                return list;
            case '"' or '\'':
                return new ConfigurationText(place, scanner.ReadQuoted());
            case '(':
                return new ConfigurationText(place, scanner.ReadParagraph());
        }

        string bare = scanner.ReadBare();
        return bare.Length == 0
            ? throw new ConfigurationException(place, $"{of} has no value")
            : bare[0] == '$' && !IsHash(bare) ? Variable(bare[1..], place, 0) : Bare(bare, place);
    }

    private ConfigurationList ReadList(ConfigurationScanner scanner, ConfigurationPlace place, string file)
    {
        List<ConfigurationValue> items = [];
        while (true)
        {
            scanner.PassSeparators();
            if (scanner.IsAtEnd)
            {
                throw new ConfigurationException(place, "a list that begins with [ has no end; accepted is ] behind it");
            }

            if (scanner.Take(']'))
            {
                return new ConfigurationList(place, items);
            }

            items.Add(ReadValue(scanner, file, "the list"));
        }
    }

    private void Descend(ConfigurationPlace place)
    {
        if (++_depth > ConfigurationLimits.MaxDepth)
        {
            throw new ConfigurationException(place, $"blocks and lists stand too deep within each other; accepted are {ConfigurationLimits.MaxDepth}");
        }
    }

    /// <summary>A bcrypt hash may stand without quotes, as in nats-server.</summary>
    private static bool IsHash(string bare) => bare.StartsWith("$2a$", StringComparison.Ordinal) || bare.StartsWith("$2b$", StringComparison.Ordinal) || bare.StartsWith("$2y$", StringComparison.Ordinal);

    private ConfigurationValue Variable(string name, ConfigurationPlace place, int depth)
    {
        for (int scope = _scopes.Count - 1; scope >= 0; scope--)
        {
            if (_scopes[scope].TryGetValue(name, out ConfigurationValue? value))
            {
                value.IsVariable = true;
                return value with { IsVariable = false };
            }
        }

        string? found = _environment(name);
        if (found is null || depth >= ConfigurationLimits.MaxVariableDepth)
        {
            throw new ConfigurationException(place, found is null
                ? $"variable '${name}' is defined neither above nor in the environment"
                : $"variable '${name}' leads to further variables without end; accepted are {ConfigurationLimits.MaxVariableDepth}");
        }

        found = found.Trim();
        return found.Length > 1 && found[0] == '$' && !IsHash(found) ? Variable(found[1..], place, depth + 1)
            : found.Length > 1 && found[0] is '"' or '\'' && found[^1] == found[0] ? new ConfigurationText(place, found[1..^1])
            : Bare(found, place);
    }

    private static ConfigurationValue Bare(string text, ConfigurationPlace place)
    {
        switch (text.ToUpperInvariant())
        {
            case "TRUE" or "YES" or "ON":
                return new ConfigurationSwitch(place, true, text);
            case "FALSE" or "NO" or "OFF":
                return new ConfigurationSwitch(place, false, text);
        }

        if (ConfigurationNumber.TryRead(text, out long whole))
        {
            return new ConfigurationInteger(place, whole, text);
        }

        return text.Contains('.', StringComparison.Ordinal) && text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || c is '.' or '-')
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double fraction)
            ? new ConfigurationFraction(place, fraction, text)
            : new ConfigurationText(place, text);
    }
}
