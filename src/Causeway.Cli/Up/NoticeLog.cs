using Causeway.Cli.Output;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Up;

/// <summary>Shows what is logged as notices: what operators do, and what goes wrong. Thread-safe.</summary>
internal sealed class NoticeLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Notices.Write($"director: {formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
        }
    }

    public void Dispose()
    {
        // There is nothing to give back.
    }
}
