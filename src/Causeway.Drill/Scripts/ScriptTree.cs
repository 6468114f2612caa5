using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Causeway.Drill.Scripts;

/// <summary>
/// Reads YAML into <see cref="ScriptNode"/>s. Of YAML a script needs keys, lists and values; anchors, tags and further documents are
/// refused, and depth and length are bounded, so that no file can make much of little.
/// </summary>
internal sealed class ScriptTree
{
    private const string File = "file";
    private readonly string _name;
    private readonly Parser _parser;

    private ScriptTree(string name, string text)
    {
        _name = name;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The file's only document, which must have keys.</summary>
    /// <exception cref="ScriptException">It is no YAML, or uses what a script does not need.</exception>
    public static ScriptMap Read(string name, string text)
    {
        if (text.Length > ScriptLimits.FileCharactersMax)
        {
            throw new ScriptException(name, 1, File, $"{text.Length} characters are too many", $"a file of up to {ScriptLimits.FileCharactersMax}");
        }

        try
        {
            return new ScriptTree(name, text).Document();
        }
        catch (YamlException problem)
        {
            throw new ScriptException(name, problem.Start.Line, File, $"is no YAML ({ScriptText.OneLine(problem.Message)})", "keys and values as in docs/drills.md");
        }
    }

    private ScriptMap Document()
    {
        Expect<StreamStart>();
        if (Next() is not DocumentStart)
        {
            throw Wrong(1, "is empty", "keys and values as in docs/drills.md");
        }

        ScriptNode node = Node(Next(), 0);
        Expect<DocumentEnd>();
        ParsingEvent end = Next();
        return (node, end) switch
        {
            (ScriptMap map, StreamEnd) => map,
            (_, not StreamEnd) => throw Wrong(end.Start.Line, "a second document begins", "one document"),
            _ => throw Wrong(node.Line, $"{node.Kind} stands where keys are needed", "keys and values as in docs/drills.md"),
        };
    }

    private ScriptNode Node(ParsingEvent at, int depth)
    {
        long line = at.Start.Line;
        if (depth > ScriptLimits.DepthMax)
        {
            throw Wrong(line, "lists and keys stand too deep within each other", $"a depth of up to {ScriptLimits.DepthMax}");
        }

        if (at is AnchorAlias or NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
        {
            throw Wrong(line, "anchors, aliases and tags are not understood", "plain keys, lists and values");
        }

        return at switch
        {
            Scalar scalar => new ScriptScalar(scalar.Value, line),
            SequenceStart => List(line, depth),
            MappingStart => Map(line, depth),
            _ => throw Wrong(line, "a value is missing", "keys, lists and values"),
        };
    }

    private ScriptList List(long line, int depth)
    {
        List<ScriptNode> items = [];
        for (ParsingEvent at = Next(); at is not SequenceEnd; at = Next())
        {
            items.Add(Node(at, depth + 1));
        }

        return new ScriptList(items, line);
    }

    private ScriptMap Map(long line, int depth)
    {
        OrderedDictionary<string, ScriptNode> entries = [];
        for (ParsingEvent at = Next(); at is not MappingEnd; at = Next())
        {
            if (Node(at, depth + 1) is not ScriptScalar key)
            {
                throw Wrong(at.Start.Line, "a list or keys stand where a key is needed", "a word");
            }

            if (!entries.TryAdd(key.Text, Node(Next(), depth + 1)))
            {
                throw new ScriptException(_name, key.Line, ScriptText.Shown(key.Text), "stands twice", "each key once");
            }
        }

        return new ScriptMap(entries, line);
    }

    private ParsingEvent Next()
    {
        long line = _parser.Current?.End.Line ?? 1;
        try
        {
            return _parser.MoveNext() ? _parser.Current! : throw Wrong(line, "ends too early", "a whole file");
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // What the parser throws on some texts that are no YAML; fuzzing finds them.
            throw Wrong(line, "is no YAML", "keys and values as in docs/drills.md");
        }
    }

    private void Expect<T>()
        where T : ParsingEvent
    {
        ParsingEvent at = Next();
        if (at is not T)
        {
            throw Wrong(at.Start.Line, "has something that does not belong there", "one document of keys and values");
        }
    }

    private ScriptException Wrong(long line, string problem, string accepted) => new(_name, line, File, problem, accepted);
}
