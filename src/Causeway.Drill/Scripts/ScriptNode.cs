namespace Causeway.Drill.Scripts;

/// <summary>A part of a script's text and the line it stands on, from 1.</summary>
internal abstract record ScriptNode(long Line)
{
    /// <summary>What it is, as error lines call it.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value, as it is written.</summary>
internal sealed record ScriptScalar(string Text, long Line) : ScriptNode(Line)
{
    public override string Kind => Text.Length == 0 ? "nothing" : $"'{ScriptText.Shown(Text)}'";
}

/// <summary>A list.</summary>
internal sealed record ScriptList(IReadOnlyList<ScriptNode> Items, long Line) : ScriptNode(Line)
{
    public override string Kind => "a list";
}

/// <summary>Keys and what they are, in the order of the file, each key once.</summary>
internal sealed record ScriptMap(IReadOnlyDictionary<string, ScriptNode> Entries, long Line) : ScriptNode(Line)
{
    public override string Kind => "keys";
}
