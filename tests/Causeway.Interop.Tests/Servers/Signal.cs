namespace Causeway.Interop.Tests.Servers;

/// <summary>The signals that mean something to a server, by their Linux numbers.</summary>
public enum Signal
{
    Reload = 1,
    LameDuck = 12,
    Terminate = 15,
}
