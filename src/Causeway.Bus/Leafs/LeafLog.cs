using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Leafs;

/// <summary>Every line that leaf-node connections log: one per event.</summary>
internal static partial class LeafLog
{
    [LoggerMessage(301, LogLevel.Information, "listening for leaf nodes on {Address}, {Security}")]
    public static partial void Listening(ILogger log, string address, string security);

    [LoggerMessage(302, LogLevel.Information, "{Kind} {Name} at {Address} is up, for tenant {Tenant}")]
    public static partial void Up(ILogger log, string kind, string name, string address, string tenant);

    [LoggerMessage(303, LogLevel.Warning, "{Kind} {Name} at {Address} is down: {Reason}")]
    public static partial void Down(ILogger log, string kind, string name, string address, string reason);

    [LoggerMessage(304, LogLevel.Warning, "no connection with the hub at {Address}: {Reason}")]
    public static partial void DialFailed(ILogger log, string address, string reason);

    [LoggerMessage(305, LogLevel.Warning, "leaf node {Name} at {Address} wants more than it may; what is refused is counted in /leafz")]
    public static partial void Refusing(ILogger log, string name, string address);

    [LoggerMessage(306, LogLevel.Warning, "a leaf node from {Address} was turned away: {Reason}")]
    public static partial void TurnedAway(ILogger log, string address, string reason);

    [LoggerMessage(307, LogLevel.Error, "accepting leaf nodes failed with errno {Errno}; trying again in {PauseMilliseconds} ms")]
    public static partial void AcceptFailed(ILogger log, int errno, int pauseMilliseconds);

    [LoggerMessage(308, LogLevel.Information, "another node of the deployment holds the connection with the hub {Remote}")]
    public static partial void Standby(ILogger log, string remote);
}
