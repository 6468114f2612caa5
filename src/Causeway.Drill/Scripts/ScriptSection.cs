namespace Causeway.Drill.Scripts;

/// <summary>Reads the keys of one part of a script, each by its kind; what nobody has asked for at the end is an error.</summary>
internal sealed class ScriptSection(string file, ScriptMap map, string path)
{
    private readonly List<string> _asked = [];

    /// <summary>The line that the section begins on.</summary>
    public long Line => map.Line;

    /// <summary>The keys in the order of the file.</summary>
    public IEnumerable<string> Keys => map.Entries.Keys;

    /// <summary>The value of a key that must be there.</summary>
    public T Required<T>(string key, ValueKind<T> kind) => Value(Node(key) ?? throw Missing(key, kind.Accepted), key, kind);

    /// <summary>The value of a key, or <paramref name="fallback"/> where it is not there.</summary>
    public T Or<T>(string key, ValueKind<T> kind, T fallback) => Node(key) is { } node ? Value(node, key, kind) : fallback;

    /// <summary>The value of a key; null where it is not there.</summary>
    public T? Optional<T>(string key, ValueKind<T> kind)
        where T : struct => Node(key) is { } node ? Value(node, key, kind) : null;

    /// <summary>The text of a key; null where it is not there.</summary>
    public string? OptionalText(string key, ValueKind<string> kind) => Node(key) is { } node ? Value(node, key, kind) : null;

    /// <summary>The values of a list.</summary>
    public IReadOnlyList<T> List<T>(string key, ValueKind<T> kind, int min, int max)
    {
        string accepted = $"a list of {min} to {max}, each {kind.Accepted}";
        if ((Node(key) ?? throw Missing(key, accepted)) is not ScriptList list || list.Items.Count < min || list.Items.Count > max)
        {
            throw Wrong(Node(key)!, key, "is no list of that length", accepted);
        }

        return [.. list.Items.Select((item, i) => Value(item, $"{key}[{i + 1}]", kind))];
    }

    /// <summary>The items of a list, one by one; none where the key is not there.</summary>
    public IReadOnlyList<T> Items<T>(string key, string accepted, Func<ScriptNode, string, T> read)
    {
        if (Node(key) is not { } node)
        {
            return [];
        }

        return node is ScriptList list && list.Items.Count <= ScriptLimits.ItemsMax
            ? [.. list.Items.Select((item, i) => read(item, $"{PathOf(key)}[{i + 1}]"))]
            : throw Wrong(node, key, $"is {node.Kind}", $"a list of up to {ScriptLimits.ItemsMax}, {accepted}");
    }

    /// <summary>The section behind a key; null where it is not there.</summary>
    public ScriptSection? Section(string key, string accepted) =>
        Node(key) is { } node ? Of(file, node, PathOf(key), accepted) : null;

    /// <summary>The section that a node is.</summary>
    public static ScriptSection Of(string file, ScriptNode node, string path, string accepted) =>
        node is ScriptMap map ? new ScriptSection(file, map, path) : throw new ScriptException(file, node.Line, path, $"is {node.Kind}", accepted);

    /// <summary>The value of a node that must be of a kind.</summary>
    public T Value<T>(ScriptNode node, string key, ValueKind<T> kind) => ValueOf(file, node, PathOf(key), kind);

    /// <summary>The value of a node that must be of a kind.</summary>
    public static T ValueOf<T>(string file, ScriptNode node, string path, ValueKind<T> kind)
    {
        T? value = default;
        return node is ScriptScalar scalar && kind.Read(scalar.Text, out value!)
            ? value
            : throw new ScriptException(file, node.Line, path, $"{node.Kind} can't be read", kind.Accepted);
    }

    /// <summary>An error at a key, or at the section where the key is not there.</summary>
    public ScriptException Wrong(string key, string problem, string accepted) =>
        new(file, map.Entries.TryGetValue(key, out ScriptNode? node) ? node.Line : map.Line, PathOf(key), problem, accepted);

    /// <summary>Ends the section: a key that nobody has asked for is an error.</summary>
    public void End()
    {
        if (map.Entries.FirstOrDefault(entry => !_asked.Contains(entry.Key)) is { Key: { } key, Value: { } node })
        {
            throw new ScriptException(file, node.Line, PathOf(ScriptText.Shown(key)), "is not a key here", string.Join(", ", _asked));
        }
    }

    private ScriptNode? Node(string key)
    {
        if (!_asked.Contains(key))
        {
            _asked.Add(key);
        }

        return map.Entries.GetValueOrDefault(key);
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private ScriptException Missing(string key, string accepted) => new(file, map.Line, PathOf(key), "is missing", accepted);

    private ScriptException Wrong(ScriptNode node, string key, string problem, string accepted) => new(file, node.Line, PathOf(key), problem, accepted);
}
