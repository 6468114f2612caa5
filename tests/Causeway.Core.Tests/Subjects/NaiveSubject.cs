namespace Causeway.Core.Tests.Subjects;

/// <summary>The rules of subjects on strings, as the protocol's documentation words them: to be compared with, not to be fast.</summary>
internal static class NaiveSubject
{
    private const string WhiteSpace = " \t\r\n\f";

    public static bool IsValid(string subject)
    {
        string[] tokens = subject.Split('.');
        return tokens.All(token => token.Length > 0 && !token.Any(WhiteSpace.Contains)) && !tokens.SkipLast(1).Contains(">");
    }

    public static bool IsPattern(string subject) => subject.Split('.').Any(token => token is "*" or ">");

    /// <summary>True if <paramref name="pattern"/>, which is valid, matches <paramref name="subject"/>, which need not be.</summary>
    public static bool Matches(string pattern, string subject)
    {
        string[] tokens = subject.Split('.');
        return !tokens.Contains("") && Matches(pattern.Split('.'), tokens);
    }

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> subject)
    {
        if (pattern.IsEmpty || subject.IsEmpty)
        {
            return pattern.IsEmpty && subject.IsEmpty;
        }

        return pattern[0] switch
        {
            ">" when pattern.Length == 1 => true,
            "*" => Matches(pattern[1..], subject[1..]),
            string token => token == subject[0] && Matches(pattern[1..], subject[1..]),
        };
    }
}
