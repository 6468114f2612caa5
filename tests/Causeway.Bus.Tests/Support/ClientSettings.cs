using System.Net;

namespace Causeway.Bus.Tests.Support;

/// <summary>How a <see cref="TestClient"/> is to connect.</summary>
internal sealed record ClientSettings
{
    public static readonly ClientSettings Default = new();

    /// <summary>Says nothing at all by itself.</summary>
    public static readonly ClientSettings Silent = new() { SendsConnect = false, AnswersPings = false };

    /// <summary>The kernel takes as little as possible for it, so that what it does not read soon waits at the node.</summary>
    public static readonly ClientSettings SmallWindow = new() { ReceiveBufferBytes = 4096 };

    public bool SendsConnect { get; init; } = true;

    public bool AnswersPings { get; init; } = true;

    public bool Verbose { get; init; }

    public bool Echo { get; init; } = true;

    public bool Headers { get; init; } = true;

    public bool NoResponders { get; init; }

    public string Name { get; init; } = "test";

    /// <summary>How long to wait for the next bytes.</summary>
    public TimeSpan Patience { get; init; } = Eventually.Deadline;

    /// <summary>The user to log in as; empty for nobody.</summary>
    public string User { get; init; } = "";

    /// <summary>The user's password.</summary>
    public string Password { get; init; } = "";

    /// <summary>The address to connect from; null for any.</summary>
    public IPAddress? From { get; init; }

    /// <summary>The kernel's receive buffer in bytes; 0 for the system's default.</summary>
    public int ReceiveBufferBytes { get; init; }

    public string ConnectLine =>
        $$"""CONNECT {"verbose":{{Json(Verbose)}},"pedantic":false,"echo":{{Json(Echo)}},"headers":{{Json(Headers)}},"no_responders":{{Json(NoResponders)}},"protocol":1,"lang":"test","version":"1","name":"{{Name}}"{{Login}}}""" + "\r\n";

    private string Login => User.Length > 0 ? $",\"user\":\"{User}\",\"pass\":\"{Password}\"" : "";

    private static string Json(bool value) => value ? "true" : "false";
}
