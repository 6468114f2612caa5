using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>What <c>causeway serve</c> logs beside its node.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(1, LogLevel.Information, "{Path} read again, who may come is as it says{Rest}")]
    public static partial void Reloaded(ILogger log, string path, string rest);

    [LoggerMessage(2, LogLevel.Error, "{Path} not taken over, nothing has changed: {Problem}")]
    public static partial void NotReloaded(ILogger log, string path, string problem);
}
