namespace Causeway.Cli.Parsing;

/// <summary>The inclusive range that an option accepts, and the one place where its error line is worded.</summary>
internal readonly record struct ValueRange<T>(T Min, T Max)
    where T : struct, IValueText<T>
{
    /// <summary>Reads <paramref name="text"/>; on failure <paramref name="error"/> names <paramref name="source"/>, the text and what is accepted.</summary>
    public bool TryRead(string source, string text, out T value, out string error)
    {
        string problem = string.Empty;
        if (!T.TryRead(text, out value))
        {
            problem = "can't be read";
        }
        else if (value.CompareTo(Min) < 0)
        {
            problem = "is too small";
        }
        else if (value.CompareTo(Max) > 0)
        {
            problem = "is too large";
        }

        error = problem.Length == 0 ? string.Empty : $"{source}: '{text}' {problem}; accepted is {T.Accepted}, from {Min} to {Max}";
        return problem.Length == 0;
    }
}
