using Causeway.Client;

namespace Causeway.Cli.Output;

/// <summary>Words of a command line as errors show them: without the passwords and tokens of URLs, wherever one was put by mistake.</summary>
internal static class ShownWord
{
    private static readonly string[] MarksOfUrls = ["@", "%40", "://"];

    /// <summary>The word, which may be of the form <c>--option=value</c>.</summary>
    public static string Of(string word)
    {
        int value = word.StartsWith('-') ? word.IndexOf('=', StringComparison.Ordinal) + 1 : 0;
        return MarksOfUrls.Any(mark => word.Contains(mark, StringComparison.Ordinal)) ? word[..value] + UrlSecrets.Hide(word[value..]) : word;
    }
}
