namespace Causeway.Interop.Tests.Servers;

/// <summary>A program and its arguments.</summary>
public sealed record Launch(string Program, IReadOnlyList<string> Arguments)
{
    public static Launch For(ServerKind kind, ServerOptions options, LoopbackPorts ports) => kind switch
    {
        ServerKind.NatsServer => NatsServerLaunch.For(options, ports),
        ServerKind.Causeway => CausewayLaunch.For(options, ports),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a server"),
    };

    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}
