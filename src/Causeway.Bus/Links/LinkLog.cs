using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Links;

/// <summary>Every line that links log: one per event.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(101, LogLevel.Information, "region {Region}: node {Name} listening for links on {Address}, {Security}")]
    public static partial void Listening(ILogger log, string region, string name, string address, string security);

    [LoggerMessage(102, LogLevel.Information, "{Kind} to {Peer} in {Region} at {Address} is up")]
    public static partial void Up(ILogger log, string kind, string peer, string region, string address);

    [LoggerMessage(103, LogLevel.Warning, "{Kind} to {Peer} in {Region} is down: {Reason}")]
    public static partial void Down(ILogger log, string kind, string peer, string region, string reason);

    [LoggerMessage(104, LogLevel.Warning, "no link with {Address}: {Reason}")]
    public static partial void Failed(ILogger log, string address, string reason);

    [LoggerMessage(105, LogLevel.Information, "the link to region {Region} belongs to {Owner}")]
    public static partial void Owner(ILogger log, string region, string owner);

    [LoggerMessage(106, LogLevel.Error, "accepting links failed with errno {Errno}; trying again in {PauseMilliseconds} ms")]
    public static partial void AcceptFailed(ILogger log, int errno, int pauseMilliseconds);
}
