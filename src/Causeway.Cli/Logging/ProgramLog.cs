using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Logging;

/// <summary>The log of a program that runs for long: one line for each event, to standard error or a file, changeable while it runs. Thread-safe.</summary>
internal sealed class ProgramLog : ILoggerProvider
{
    private readonly LoggerFactory _factory;
    private readonly LogWriter _writer;
    private readonly TimeProvider _time;
    private LogSettings _settings;

    /// <summary>Opens what <paramref name="settings"/> name. Throws IOException or UnauthorizedAccessException if the file can't be had.</summary>
    public ProgramLog(LogSettings settings, TimeProvider? time = null)
    {
        _settings = settings;
        _time = time ?? TimeProvider.System;
        _writer = new LogWriter(Open(settings), DroppedLine);
        // Kestrel and the host have their own events; only what goes wrong there concerns the operator.
        LoggerFilterOptions filter = new() { MinLevel = LogLevel.Trace };
        filter.Rules.Add(new LoggerFilterRule(null, "Microsoft", LogLevel.Warning, null));
        _factory = new LoggerFactory([this], filter);
    }

    /// <summary>A logger for a part of the program.</summary>
    public ILogger For(string category) => _factory.CreateLogger(category);

    /// <summary>Opens the file of <paramref name="next"/>, for <see cref="Change"/>; null if it is the one that is open. Throws IOException or UnauthorizedAccessException if it can't be had.</summary>
    public LogFile? Prepare(LogSettings next) => IsSameFile(next) ? null : Open(next);

    /// <summary>Goes on as <paramref name="next"/> says, with the file that <see cref="Prepare"/> has opened.</summary>
    public void Change(LogSettings next, LogFile? prepared)
    {
        if (!IsSameFile(next))
        {
            _writer.Switch(prepared);
        }

        Volatile.Write(ref _settings, next);
    }

    /// <summary>Opens the file under its name again, after it was moved away. Says in the log what came of it.</summary>
    public void Reopen()
    {
        ILogger log = For("causeway.log");
        try
        {
            if (_writer.Reopen())
            {
                ProgramLogLines.Reopened(log);
            }
            else
            {
                ProgramLogLines.NothingToReopen(log);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            ProgramLogLines.NotReopened(log, fault.Message);
        }
    }

    /// <summary>Lines dropped so far.</summary>
    public DroppedLines Dropped => _writer.Dropped;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    /// <summary>Writes what waits and closes the file.</summary>
    public void Dispose()
    {
        _factory.Dispose();
        _writer.Dispose();
    }

    private static LogFile? Open(LogSettings settings) => settings.File.Length > 0 ? new LogFile(settings.File, settings.MaxFileBytes) : null;

    private bool IsSameFile(LogSettings next) => next.File == _settings.File && next.MaxFileBytes == _settings.MaxFileBytes;

    /// <summary>The line that says how many were dropped.</summary>
    private string DroppedLine(DroppedLines dropped)
    {
        string trace = dropped.Trace > 0 ? $"{dropped.Trace} lines of the protocol's trace" : "";
        string others = dropped.Others > 0 ? $"{dropped.Others} log lines" : "";
        string and = trace.Length > 0 && others.Length > 0 ? " and " : "";
        string text = $"{others}{and}{trace} were dropped: the log is not written as fast";
        return LogLine.Of(Volatile.Read(ref _settings), _time.GetUtcNow(), "causeway.log", LogLevel.Warning, default, text, null, null);
    }

    private sealed class CategoryLogger(ProgramLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel)
        {
            LogSettings settings = Volatile.Read(ref log._settings);
            return logLevel == LogLevel.Trace ? settings.TracesProtocol : logLevel != LogLevel.None && logLevel >= settings.Level;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                string line = LogLine.Of(
                    Volatile.Read(ref log._settings), log._time.GetUtcNow(), category, logLevel, eventId, formatter(state, exception), exception, state as IEnumerable<KeyValuePair<string, object?>>);
                log._writer.Add(line, isTrace: logLevel == LogLevel.Trace);
            }
        }
    }
}
