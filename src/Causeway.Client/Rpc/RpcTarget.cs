namespace Causeway.Client.Rpc;

/// <summary>Which of a service's servers a call is for.</summary>
public readonly record struct RpcTarget
{
    private RpcTarget(RpcTargetKind kind, string text)
    {
        Kind = kind;
        Text = text;
    }

    /// <summary>Any server, chosen by the bus (a queue group): 2 messages.</summary>
    public static RpcTarget Any => new(RpcTargetKind.Any, string.Empty);

    internal RpcTargetKind Kind { get; }

    /// <summary>The key, or the server's address.</summary>
    internal string Text => field ?? string.Empty;

    /// <summary>The server with the highest affinity at this moment, as <see cref="RpcHandlers.Affinity"/> reckons it: 2 messages, or 3 where another than the bus chose is better.</summary>
    /// <param name="key">Given to the affinity function; empty for none. The chosen server need not serve it.</param>
    public static RpcTarget Best(string key = "") => new(RpcTargetKind.Best, CheckedKey(key, mayBeEmpty: true));

    /// <summary>
    /// The server that serves a key, such as a room or participant: 2 messages once the caller knows which that is; before, and after the
    /// key moved, it is asked for by a broadcast that carries the request, which makes 2 messages, or 3 where the handler takes its time.
    /// </summary>
    /// <exception cref="ArgumentException">The key is empty, longer than <see cref="RpcLimits.KeyLengthMax"/> characters, or has a control character.</exception>
    public static RpcTarget Key(string key) => new(RpcTargetKind.Key, CheckedKey(key, mayBeEmpty: false));

    /// <summary>The server with this <see cref="RpcServer.Address"/>: 2 messages.</summary>
    /// <exception cref="ArgumentException">The address can't be one.</exception>
    public static RpcTarget At(string address) => new(RpcTargetKind.At, CheckedAddress(address));

    /// <inheritdoc/>
    public override string ToString() => Text.Length == 0 ? $"{Kind}" : $"{Kind} '{Text}'";

    internal static string CheckedAddress(string address) =>
        Wire.RpcSubjects.TokenProblem(address) is { } problem ? throw new ArgumentException($"server address '{address}' {problem}", nameof(address)) : address;

    internal static string CheckedKey(string key, bool mayBeEmpty)
    {
        ArgumentNullException.ThrowIfNull(key);
        string? problem =
            key.Length == 0 && !mayBeEmpty ? "is empty"
            : key.Length > RpcLimits.KeyLengthMax ? $"is longer than {RpcLimits.KeyLengthMax} characters"
            : key.AsSpan().ContainsAnyInRange('\0', '\u001f') || key.Contains('\u007f', StringComparison.Ordinal) ? "has a control character"
            : key.StartsWith(' ') || key.EndsWith(' ') ? "begins or ends with a blank"
            : null;
        return problem is null ? key : throw new ArgumentException($"key '{key}' {problem}", nameof(key));
    }
}

/// <summary>How a call finds its server.</summary>
internal enum RpcTargetKind
{
    Any,
    Best,
    Key,
    At,
}
