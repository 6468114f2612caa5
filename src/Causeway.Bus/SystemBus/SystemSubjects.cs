namespace Causeway.Bus.SystemBus;

/// <summary>The subjects of the system tenant, as nats-server 2.9 has them.</summary>
internal static class SystemSubjects
{
    private const string ServerPrefix = "$SYS.REQ.SERVER.";
    private const string AccountPrefix = "$SYS.REQ.ACCOUNT.";
    private const string Ping = "PING";

    /// <summary>The kinds of questions that a server answers, each with its page.</summary>
    public static readonly IReadOnlyDictionary<string, string> ServerKinds = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["VARZ"] = "/varz",
        ["CONNZ"] = "/connz",
        ["SUBSZ"] = "/subsz",
        ["ROUTEZ"] = "/routez",
        ["GATEWAYZ"] = "/gatewayz",
        ["LEAFZ"] = "/leafz",
        ["ACCOUNTZ"] = "/accountz",
        ["JSZ"] = "/jsz",
        ["HEALTHZ"] = "",
        ["STATSZ"] = "",
    };

    /// <summary>The kinds of questions about one tenant; those with a page are that page for the tenant.</summary>
    public static readonly IReadOnlyDictionary<string, string> AccountKinds = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CONNZ"] = "/connz",
        ["SUBSZ"] = "/subsz",
        ["LEAFZ"] = "/leafz",
        ["JSZ"] = "/jsz",
        ["INFO"] = "",
        ["STATZ"] = "",
        ["CONNS"] = "",
    };

    /// <summary>All that a node listens to.</summary>
    public static IReadOnlyList<string> Requests(string serverId) =>
    [
        ServerPrefix + Ping,
        .. ServerKinds.Keys.Select(kind => $"{ServerPrefix}{Ping}.{kind}"),
        .. ServerKinds.Keys.Select(kind => $"{ServerPrefix}{serverId}.{kind}"),
        .. AccountKinds.Keys.Select(kind => $"{AccountPrefix}*.{kind}"),
    ];

    /// <summary>What a request asks for; null if it is none. The account is empty for questions about the server.</summary>
    public static (string Account, string Kind)? Read(string subject)
    {
        if (subject == ServerPrefix + Ping)
        {
            return ("", "STATSZ");
        }

        bool isServer = subject.StartsWith(ServerPrefix, StringComparison.Ordinal);
        if (!isServer && !subject.StartsWith(AccountPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        string[] tokens = subject[(isServer ? ServerPrefix : AccountPrefix).Length..].Split('.');
        return tokens.Length == 2 && (isServer ? ServerKinds : AccountKinds).ContainsKey(tokens[1]) ? (isServer ? "" : tokens[0], tokens[1]) : null;
    }

    /// <summary>The kind of question about the own tenant that clients of any may ask, as nats-server has it; null if it is none.</summary>
    public static string? OwnKind(ReadOnlySpan<byte> subject) =>
        subject.SequenceEqual("$SYS.REQ.ACCOUNT.PING.CONNZ"u8) || subject.SequenceEqual("$SYS.REQ.SERVER.PING.CONNZ"u8) ? "CONNZ"
        : subject.SequenceEqual("$SYS.REQ.ACCOUNT.PING.STATZ"u8) ? "STATZ"
        : null;

    public static string Connect(string account) => $"$SYS.ACCOUNT.{account}.CONNECT";

    public static string Disconnect(string account) => $"$SYS.ACCOUNT.{account}.DISCONNECT";

    /// <summary>The two subjects on which the number of an account's connections is told: the present one, and that of old.</summary>
    public static string[] Connections(string account) => [$"$SYS.ACCOUNT.{account}.SERVER.CONNS", $"$SYS.SERVER.ACCOUNT.{account}.CONNS"];

    public static string AuthError(string serverId) => $"$SYS.SERVER.{serverId}.CLIENT.AUTH.ERR";

    public static string Stats(string serverId) => $"$SYS.SERVER.{serverId}.STATSZ";

    public static string LameDuck(string serverId) => $"$SYS.SERVER.{serverId}.LAMEDUCK";

    public static string Shutdown(string serverId) => $"$SYS.SERVER.{serverId}.SHUTDOWN";
}
