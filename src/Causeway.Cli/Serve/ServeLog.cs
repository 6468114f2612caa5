using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>What <c>causeway serve</c> logs beside its node. Where nats-server says the same, the words are its own: scripts look for them.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(1, LogLevel.Information, "Reloaded server configuration: {Path}, and who may come is as it says{Rest}")]
    public static partial void Reloaded(ILogger log, string path, string rest);

    [LoggerMessage(2, LogLevel.Error, "Failed to reload server configuration: {Path} not taken over, nothing has changed: {Problem}")]
    public static partial void NotReloaded(ILogger log, string path, string problem);

    [LoggerMessage(3, LogLevel.Error, "Failed to reload server configuration: the node was started without a file (--config)")]
    public static partial void NoFile(ILogger log);

    [LoggerMessage(4, LogLevel.Information, "Starting nats-server, which is Causeway {Version}")]
    public static partial void Starting(ILogger log, string version);

    [LoggerMessage(5, LogLevel.Information, "Version: {Version}")]
    public static partial void Version(ILogger log, string version);

    [LoggerMessage(6, LogLevel.Information, "Name: {Name}")]
    public static partial void Name(ILogger log, string name);

    [LoggerMessage(7, LogLevel.Information, "ID: {Id}")]
    public static partial void Id(ILogger log, string id);

    [LoggerMessage(8, LogLevel.Information, "Using configuration file: {Path}")]
    public static partial void File(ILogger log, string path);

    [LoggerMessage(9, LogLevel.Information, "Starting http monitor on {Address}")]
    public static partial void Http(ILogger log, string address);

    [LoggerMessage(10, LogLevel.Information, "Listening for client connections on {Address}")]
    public static partial void Listening(ILogger log, string address);

    [LoggerMessage(11, LogLevel.Information, "Server is ready")]
    public static partial void Ready(ILogger log);

    [LoggerMessage(13, LogLevel.Information, "Initiating Shutdown...")]
    public static partial void ShuttingDown(ILogger log);

    [LoggerMessage(14, LogLevel.Information, "Server Exiting..")]
    public static partial void Exiting(ILogger log);

    [LoggerMessage(15, LogLevel.Information, "Entering lame duck mode, stop accepting new clients")]
    public static partial void LameDuck(ILogger log);

    [LoggerMessage(16, LogLevel.Error, "'{Path}' can't be written: {Problem}")]
    public static partial void NotWritten(ILogger log, string path, string problem);
}
