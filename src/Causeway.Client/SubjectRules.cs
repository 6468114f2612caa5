using System.Buffers;

namespace Causeway.Client;

/// <summary>
/// The rules for subjects and queue groups, which also keep a text from breaking out of its place in a control line. Problems are
/// worded as the end of a sentence that begins with the subject.
/// </summary>
public static class SubjectRules
{
    // Control characters and blanks end a protocol argument, or have no business in one.
    private static readonly SearchValues<char> Breaking =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(code => (char)code), '\u007f']);

    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*>");

    /// <summary>What is wrong with a subject to publish to, or null.</summary>
    public static string? LiteralProblem(ReadOnlySpan<char> subject)
    {
        string? problem = TokensProblem(subject);
        return problem is null && subject.ContainsAny(Wildcards) && HasWildcardToken(subject)
            ? "has a wildcard token, which only subscriptions may have"
            : problem;
    }

    /// <summary>What is wrong with a subject to subscribe to, or null.</summary>
    public static string? PatternProblem(ReadOnlySpan<char> subject)
    {
        string? problem = TokensProblem(subject);
        if (problem is not null || !subject.ContainsAny(Wildcards))
        {
            return problem;
        }

        bool tail = false;
        foreach (Range token in subject.Split('.'))
        {
            if (tail)
            {
                return "has the wildcard '>' before its last token";
            }

            tail = subject[token] is ">";
        }

        return null;
    }

    /// <summary>What is wrong with the name of a queue group, or null.</summary>
    public static string? QueueGroupProblem(ReadOnlySpan<char> name) =>
        name.IsEmpty ? "is empty" : name.ContainsAny(Breaking) ? "has a blank or control character" : null;

    /// <summary>Whether the subject has a <c>*</c> or <c>&gt;</c> token; elsewhere in a token these are ordinary characters.</summary>
    public static bool HasWildcardToken(ReadOnlySpan<char> subject)
    {
        foreach (Range token in subject.Split('.'))
        {
            if (subject[token] is "*" or ">")
            {
                return true;
            }
        }

        return false;
    }

    private static string? TokensProblem(ReadOnlySpan<char> subject)
    {
        if (subject.IsEmpty)
        {
            return "is empty";
        }

        if (subject.ContainsAny(Breaking))
        {
            return "has a blank or control character";
        }

        return subject[0] == '.' || subject[^1] == '.' || subject.Contains("..", StringComparison.Ordinal) ? "has an empty token" : null;
    }
}
