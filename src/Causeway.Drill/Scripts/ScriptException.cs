namespace Causeway.Drill.Scripts;

/// <summary>A script that can't be used. The message is one line: file, line, key, what is wrong and what is accepted.</summary>
internal sealed class ScriptException(string file, long line, string key, string problem, string accepted)
    : Exception($"{file}:{line}: {key}: {problem}; accepted is {accepted}")
{
    /// <summary>The line that is wrong, from 1.</summary>
    public long Line => line;

    /// <summary>The key that is wrong, with the way to it: <c>steps[3].shape.latency</c>.</summary>
    public string Key => key;
}
