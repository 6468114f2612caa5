namespace Causeway.Interop.Tests.Servers;

/// <summary>A server process did not come up; the message holds its command line and its log.</summary>
public sealed class ServerStartException(string message) : Exception(message);
