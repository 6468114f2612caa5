using System.CommandLine;
using System.CommandLine.Parsing;
using Causeway.Bus.Transcripts;
using Causeway.Cli.Parsing;
using Causeway.Cli.Serve;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Logging;

/// <summary>The options of <c>causeway serve</c> that say what is logged, where and how.</summary>
internal sealed class LogOptions
{
    /// <summary>The option that has each command logged.</summary>
    public const string Protocol = "--log-protocol";

    private const string LevelVariable = "CAUSEWAY_LOG_LEVEL";

    private readonly Option<LogLevel> _level = new("--log-level")
    {
        Description = $"Least severe events to log: Trace (also every command), Debug (also every connection), Information, Warning, Error [env: {LevelVariable}]",
        HelpName = "level",
        CustomParser = result => ReadLevel(result, "--log-level", result.Tokens[^1].Value),
        DefaultValueFactory = result => ReadLevel(result, LevelVariable, Environment.GetEnvironmentVariable(LevelVariable) is { Length: > 0 } text ? text : "Information"),
    };

    private readonly Option<string> _protocol = ServeOptions.Text(
        Protocol, "Whether each command of clients and each answer is logged, without secrets: off, on, or verbose for the node's own as well; --log-level Trace is on", "off", CheckProtocol);
    private readonly Option<string> _format = ServeOptions.Text("--log-format", "Form of log lines: text, json, or nats for nats-server's", "text", CheckFormat);
    private readonly Option<string> _time = ServeOptions.Text("--log-time", "Whether lines begin with the time: true or false; those in JSON always have it", "true", CheckSwitch);
    private readonly Option<string> _file = ServeOptions.Text("--log-file", "File to log to instead of standard error; SIGUSR1 opens it again", "", _ => null);
    private readonly Option<ByteSize> _maxFile = ServeOptions.Size("--log-size-limit", "Size from which the log file is put aside as FILE.1 and begun anew; 0 for never", 0, 0, 1L << 40);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_level, _protocol, _format, _time, _file, _maxFile])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whose commands are logged.</summary>
    public TranscriptMode Transcript(ParseResult result) =>
        Enum.Parse<TranscriptMode>(result.GetValue(_protocol)!, ignoreCase: true) is var mode and not TranscriptMode.Off ? mode
        : result.GetValue(_level) == LogLevel.Trace ? TranscriptMode.On : TranscriptMode.Off;

    public LogSettings Read(ParseResult result) => new()
    {
        Level = result.GetValue(_level),
        TracesProtocol = Transcript(result) != TranscriptMode.Off,
        Format = Enum.Parse<LogFormat>(result.GetValue(_format)!, ignoreCase: true),
        ShowsTime = result.GetValue(_time) == "true",
        File = result.GetValue(_file)!,
        MaxFileBytes = result.GetValue(_maxFile).Bytes,
    };

    private static LogLevel ReadLevel(ArgumentResult result, string source, string text)
    {
        if (Enum.TryParse(text, ignoreCase: true, out LogLevel level) && !int.TryParse(text, out _))
        {
            return level;
        }

        result.AddError($"{source}: '{text}' is no level; accepted is one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
        return default;
    }

    private static string? CheckProtocol(string text) => text is "off" or "on" or "verbose" ? null : "accepted is off, on or verbose";

    private static string? CheckFormat(string text) => text is "text" or "json" or "nats" ? null : "accepted is text, json or nats";

    private static string? CheckSwitch(string text) => text is "true" or "false" ? null : "accepted is true or false";
}
