using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Causeway.Cli.Serve;

/// <summary>Log lines on standard error, one per event, as text or JSON, with times in UTC.</summary>
internal static class ServeLogging
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static ILoggerFactory Create(LogLevel level, bool json) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(level);
        // Kestrel and the host have their own events; only what goes wrong there concerns the operator.
        builder.AddFilter("Microsoft", LogLevel.Warning);
        if (json)
        {
            builder.AddJsonConsole(options => (options.TimestampFormat, options.UseUtcTimestamp) = (TimeFormat.Trim(), true));
        }
        else
        {
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = TimeFormat;
                options.UseUtcTimestamp = true;
                options.ColorBehavior = LoggerColorBehavior.Default;
            });
        }

        builder.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            // Event loops log: they may not wait for whoever reads the log. What is dropped is counted in the log.
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    });
}
