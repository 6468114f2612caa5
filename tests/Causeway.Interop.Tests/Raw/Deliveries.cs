namespace Causeway.Interop.Tests.Raw;

/// <summary>Reads counts and subjects out of a transcript whose payloads have no line that looks like a MSG.</summary>
public static class Deliveries
{
    /// <summary>How many messages came for a subscription.</summary>
    public static int Count(string transcript, string sid) =>
        MessageLines(transcript).Count(line => line.Split(' ')[2] == sid);

    /// <summary>The subjects of the messages, in order.</summary>
    public static string Subjects(string transcript) =>
        string.Join(' ', MessageLines(transcript).Select(line => line.Split(' ')[1]));

    private static IEnumerable<string> MessageLines(string transcript) =>
        transcript.Split("\r\n").Where(line => line.StartsWith("MSG ", StringComparison.Ordinal));
}
