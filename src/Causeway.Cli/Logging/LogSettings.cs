using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Logging;

/// <summary>What is logged, where and how. Immutable.</summary>
internal sealed record LogSettings
{
    /// <summary>The least severe events that are logged, beside the protocol's trace.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Whether the protocol's trace is logged.</summary>
    public bool TracesProtocol { get; init; }

    /// <summary>The form of lines.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>Whether lines begin with the time; those in JSON always have it.</summary>
    public bool ShowsTime { get; init; } = true;

    /// <summary>The file that lines go to; empty for standard error.</summary>
    public string File { get; init; } = "";

    /// <summary>Size in bytes from which the file is put aside as FILE.1 and begun anew; 0 for never.</summary>
    public long MaxFileBytes { get; init; }
}

/// <summary>Forms of log lines.</summary>
internal enum LogFormat
{
    /// <summary>Time in UTC, severity, category, message.</summary>
    Text,

    /// <summary>An object of JSON each.</summary>
    Json,

    /// <summary>As nats-server writes them: process, local time, severity in three letters, message.</summary>
    Nats,
}
