using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Causeway.Client;

namespace Causeway.Cli.Output;

/// <summary>Prints messages in one of the formats. What was written is seen after <see cref="Flush"/>.</summary>
internal sealed class MessageWriter : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Control characters could make a terminal do things; tab, LF and CR are harmless.
    private static readonly SearchValues<byte> Control =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not (9 or 10 or 13)).Select(c => (byte)c), 0x7f]);

    private readonly Stream _output;
    private readonly MessageFormat _format;
    private readonly ArrayBufferWriter<byte> _jsonText = new();
    private readonly Utf8JsonWriter _json;

    public MessageWriter(Stream output, MessageFormat format)
    {
        _output = output;
        _format = format;
        _json = new Utf8JsonWriter(_jsonText, JsonOptions);
    }

    public void Write(in Message message)
    {
        switch (_format)
        {
            case MessageFormat.Json:
                WriteJson(message);
                break;
            case MessageFormat.Raw:
                _output.Write(message.Data.Span);
                break;
            case MessageFormat.RawWithHeaders:
                WriteHeaders(message, string.Empty);
                _output.WriteByte((byte)'\n');
                _output.Write(message.Data.Span);
                break;
            case MessageFormat.LineWithHeaders:
                WriteLine(message);
                _output.WriteByte((byte)'\n');
                WriteHeaders(message, "  ");
                return;
            default:
                WriteLine(message);
                break;
        }

        _output.WriteByte((byte)'\n');
    }

    public void Flush() => _output.Flush();

    public void Dispose() => _json.Dispose();

    private void WriteLine(in Message message)
    {
        ReadOnlySpan<byte> data = message.Data.Span;
        string reply = message.ReplyTo is null ? string.Empty : $" (reply to {message.ReplyTo})";
        Text($"{message.Subject}{reply}: ");
        if (IsPrintable(data))
        {
            _output.Write(data);
        }
        else
        {
            Text($"[{data.Length} bytes, base64] {Convert.ToBase64String(data)}");
        }
    }

    private void WriteHeaders(in Message message, string prefix)
    {
        foreach ((string name, string value) in message.Headers ?? [])
        {
            byte[] line = Encoding.UTF8.GetBytes($"{prefix}{name}: {value}\n");
            foreach (byte b in line)
            {
                _output.WriteByte(Control.Contains(b) ? (byte)'?' : b);
            }
        }
    }

    private void WriteJson(in Message message)
    {
        _jsonText.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("subject", message.Subject);
        if (message.ReplyTo is not null)
        {
            _json.WriteString("reply", message.ReplyTo);
        }

        if (message.Headers is not null)
        {
            _json.WriteStartObject("headers");
            foreach (IGrouping<string, KeyValuePair<string, string>> field in message.Headers.GroupBy(field => field.Key))
            {
                _json.WriteStartArray(field.Key);
                foreach ((_, string value) in field)
                {
                    _json.WriteStringValue(value);
                }

                _json.WriteEndArray();
            }

            _json.WriteEndObject();
        }

        if (Utf8.IsValid(message.Data.Span))
        {
            _json.WriteString("data", message.Data.Span);
        }
        else
        {
            _json.WriteBase64String("data_base64", message.Data.Span);
        }

        _json.WriteEndObject();
        _json.Flush();
        _output.Write(_jsonText.WrittenSpan);
    }

    private static bool IsPrintable(ReadOnlySpan<byte> data) => !data.ContainsAny(Control) && Utf8.IsValid(data);

    private void Text(string text) => _output.Write(Encoding.UTF8.GetBytes(text));
}
