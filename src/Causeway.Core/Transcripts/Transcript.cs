using System.Globalization;
using System.Text;
using Causeway.Core.Clients;
using Causeway.Core.Protocol;

namespace Causeway.Core.Transcripts;

/// <summary>
/// Writes down what clients and the node say to each other, command by command and in nats-server's form, for the log. Secrets are taken
/// out, payloads cut at a limit. Costs nothing where there is none, and much where there is one: it is for looking at a few clients. Any
/// thread.
/// </summary>
/// <param name="log">Takes the lines.</param>
/// <param name="isVerbose">True if the node's connections to itself are written down as well.</param>
public sealed class Transcript(ITranscriptLog log, bool isVerbose)
{
    private const string In = "<<- ";
    private const string Out = "->> ";

    /// <summary>Writes down the command of <paramref name="data"/> that <paramref name="client"/> has sent.</summary>
    public void Received(ClientSession client, ReadOnlySpan<byte> data, in Command command)
    {
        // As in nats-server, INFO, +OK and -ERR are not shown, which mean nothing from a client.
        if (!Shows(client) || command.Verb is Verb.Info or Verb.Ok or Verb.Err)
        {
            return;
        }

        string verb = command.Verb.ToString().ToUpperInvariant();
        ReadOnlySpan<byte> arguments = command.Verb is Verb.Ping or Verb.Pong ? [] : ArgumentsOf(data[..LineLength(data, command)]);
        StringBuilder text = Begin(client, In).Append('[').Append(verb);
        if (!arguments.IsEmpty)
        {
            text.Append(' ');
            QuotedText.AppendPlain(text, command.Verb == Verb.Connect ? ConnectRedaction.Without(arguments) : arguments);
        }

        log.Add(text.Append(']').ToString());
        if (command.Verb is Verb.Pub or Verb.Hpub)
        {
            AddPayload(client, data.Slice(command.PayloadStart, command.PayloadLength));
        }
    }

    /// <summary>Writes down what goes out to <paramref name="client"/>, of a message its first line; INFO not, as in nats-server.</summary>
    public void Sent(ClientSession client, ReadOnlySpan<byte> line)
    {
        if (!Shows(client) || line.StartsWith("INFO "u8))
        {
            return;
        }

        int end = line.IndexOf("\r\n"u8);
        line = end < 0 ? line : line[..end];
        StringBuilder text = Begin(client, Out).Append('[');
        if (line.StartsWith("-ERR '"u8) && line[^1] == '\'')
        {
            text.Append("-ERR ");
            line = line[6..^1];
        }
        else if (line.StartsWith("+OK"u8))
        {
            line = line[1..];
        }

        QuotedText.AppendPlain(text, line);
        log.Add(text.Append(']').ToString());
    }

    /// <summary>How nats-server calls a client in its log.</summary>
    private static StringBuilder Begin(ClientSession client, string direction)
    {
        ConnectOptions options = client.Options;
        StringBuilder text = new(128);
        text.Append(CultureInfo.InvariantCulture, $"{client.Address}:{client.Port} - {(client.IsWebSocket ? "wid" : "cid")}:{client.Id}");
        string library = string.Join(':', new[] { options.Version.Length > 0 ? $"v{options.Version}" : "", options.Lang, options.Name }.Where(part => part.Length > 0));
        if (library.Length > 0)
        {
            text.Append(" - ");
            QuotedText.AppendQuoted(text, Encoding.UTF8.GetBytes(library));
        }

        return text.Append(" - ").Append(direction);
    }

    /// <summary>Bytes of the command's line, without its line end.</summary>
    private static int LineLength(ReadOnlySpan<byte> data, in Command command)
    {
        int end = command.Verb is Verb.Pub or Verb.Hpub ? command.PayloadStart : command.Length;
        return data[..end].TrimEnd("\r\n"u8).Length;
    }

    private static ReadOnlySpan<byte> ArgumentsOf(ReadOnlySpan<byte> line)
    {
        int blank = line.IndexOfAny((byte)' ', (byte)'\t');
        return blank < 0 ? [] : line[blank..].TrimStart(" \t"u8);
    }

    private void AddPayload(ClientSession client, ReadOnlySpan<byte> payload)
    {
        int most = client.Limits.MaxTracedPayloadBytes;
        bool isCut = payload.Length > most;
        StringBuilder text = Begin(client, In).Append("MSG_PAYLOAD: [");
        QuotedText.AppendQuoted(text, isCut ? payload[..most] : payload, isCut ? "..." : "");
        log.Add(text.Append(']').ToString());
    }

    private bool Shows(ClientSession client) => isVerbose || !client.Transport.IsOwn;
}
