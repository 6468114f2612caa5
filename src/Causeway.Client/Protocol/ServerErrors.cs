namespace Causeway.Client.Protocol;

/// <summary>What is known about the texts of <c>-ERR</c>.</summary>
internal static class ServerErrors
{
    private const string RefusedPublish = "Permissions Violation for Publish to ";
    private const string RefusedSubscription = "Permissions Violation for Subscription to ";

    // Servers go on after these, and close the connection after all others.
    private static readonly string[] Harmless =
    [
        "Permissions Violation", "Invalid Subject", "Invalid Publish Subject", "maximum subscriptions exceeded",
    ];

    public static bool Closes(string text) =>
        !Array.Exists(Harmless, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads <c>Permissions Violation for Subscription to "subject"[ using queue "group"]</c>.</summary>
    public static bool TryReadRefusedSubscription(string text, out string subject, out string? queueGroup)
    {
        subject = string.Empty;
        queueGroup = null;
        if (!text.StartsWith(RefusedSubscription, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string[] quoted = text[RefusedSubscription.Length..].Split('"');
        if (quoted.Length < 3)
        {
            return false;
        }

        subject = quoted[1];
        queueGroup = quoted.Length >= 5 ? quoted[3] : null;
        return true;
    }

    /// <summary>Reads <c>Permissions Violation for Publish to "subject"</c>.</summary>
    public static bool TryReadRefusedPublish(string text, out string subject)
    {
        string[] quoted = text.StartsWith(RefusedPublish, StringComparison.OrdinalIgnoreCase) ? text.Split('"') : [];
        subject = quoted.Length == 3 ? quoted[1] : string.Empty;
        return quoted.Length == 3;
    }
}
