using System.CommandLine;

namespace Causeway.Cli.Output;

/// <summary>The options that choose the format.</summary>
internal sealed class MessageFormatOptions
{
    private readonly Option<bool>? _raw;
    private readonly Option<bool> _headers;
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object a line: subject, reply, headers, and data (text) or data_base64 (where it is not UTF-8)",
    };

    /// <param name="rawByDefault">Whether payloads alone are printed where no option says otherwise; there is no <c>--raw</c> then.</param>
    public MessageFormatOptions(bool rawByDefault)
    {
        _raw = rawByDefault ? null : new Option<bool>("--raw") { Description = "Print payloads only, as they are, each with a line end behind it" };
        _headers = new Option<bool>("--headers") { Description = rawByDefault ? "Print the headers too, and an empty line, before the payload" : "Print the headers too, indented on lines after the payload" };
    }

    public void AddTo(Command command)
    {
        Option<bool>[] options = _raw is null ? [_headers, _json] : [_raw, _headers, _json];
        Array.ForEach(options, command.Options.Add);
        command.Validators.Add(result =>
        {
            string[] given = [.. options.Where(result.GetValue).Select(option => option.Name)];
            if (given.Length > 1)
            {
                result.AddError($"{string.Join(" and ", given)} exclude each other; accepted is one of {string.Join(", ", options.Select(option => option.Name))}");
            }
        });
    }

    public MessageFormat Read(ParseResult parsed) =>
        parsed.GetValue(_json) ? MessageFormat.Json
        : _raw is null ? parsed.GetValue(_headers) ? MessageFormat.RawWithHeaders : MessageFormat.Raw
        : parsed.GetValue(_raw) ? MessageFormat.Raw
        : parsed.GetValue(_headers) ? MessageFormat.LineWithHeaders
        : MessageFormat.Line;
}
