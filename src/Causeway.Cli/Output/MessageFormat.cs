namespace Causeway.Cli.Output;

/// <summary>How messages are printed.</summary>
internal enum MessageFormat
{
    /// <summary>One line: the subject and the payload.</summary>
    Line,

    /// <summary>As <see cref="Line"/>, with the headers indented on lines after it.</summary>
    LineWithHeaders,

    /// <summary>The payload as it is, with a line end behind it.</summary>
    Raw,

    /// <summary>The headers, an empty line, and the payload as it is with a line end behind it.</summary>
    RawWithHeaders,

    /// <summary>One JSON object a line.</summary>
    Json,
}
