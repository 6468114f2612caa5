using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Causeway.Client.Rpc.Wire;

/// <summary>
/// RPC headers as text: one header named <see cref="Name"/> with words in a fixed order for each kind, so that one look at a message
/// says it all and reading takes no table. What may have blanks in it stands last.
/// </summary>
internal static class RpcHeaderText
{
    public const string Name = "Causeway-Rpc";

    private static readonly string[] KindNames = [.. Enum.GetNames<RpcKind>().Select(name => name.ToLowerInvariant())];
    private static readonly string[] CodeNames = [.. Enum.GetNames<RpcCode>().Select(name => name.ToLowerInvariant())];

    private static ReadOnlySpan<byte> BlockStart => "NATS/1.0\r\nCauseway-Rpc: "u8;

    private static ReadOnlySpan<byte> LineStart => "\r\nCauseway-Rpc: "u8;

    private static ReadOnlySpan<byte> BlockEnd => "\r\n\r\n"u8;

    /// <summary>Writes the value alone.</summary>
    public static string Write(in RpcHeader header)
    {
        byte[] text = new byte[BlockBytesBound(header)];
        return TryWrite(header, text, out int length) ? Encoding.UTF8.GetString(text, 0, length) : throw new InvalidOperationException($"{header.Kind} is longer than its bound");
    }

    /// <summary>So many bytes are enough for <see cref="TryWriteBlock"/>.</summary>
    public static int BlockBytesBound(in RpcHeader h) =>
        256 + Encoding.UTF8.GetMaxByteCount(h.Id.Caller.Length + h.From.Length + h.Method.Length + h.Key.Length + h.Text.Length);

    /// <summary>Writes a header block of nothing else; false where there is no room.</summary>
    public static bool TryWriteBlock(in RpcHeader header, Span<byte> target, out int length)
    {
        length = 0;
        if (target.Length < BlockStart.Length || !TryWrite(header, target[BlockStart.Length..], out int written))
        {
            return false;
        }

        BlockStart.CopyTo(target);
        length = BlockStart.Length + written + BlockEnd.Length;
        return BlockEnd.TryCopyTo(target[(BlockStart.Length + written)..]);
    }

    private static bool TryWrite(in RpcHeader h, Span<byte> target, out int length)
    {
        string kind = KindNames[(int)h.Kind];
        CultureInfo c = CultureInfo.InvariantCulture;
        return h.Kind switch
        {
            RpcKind.Call => Utf8.TryWrite(target, c, $"{kind} {h.Id.Caller}.{h.Id.Number} {h.Milliseconds} {(int)h.Flags} {h.Method} {h.Key}", out length),
            RpcKind.Open => Utf8.TryWrite(target, c, $"{kind} {h.Id.Caller}.{h.Id.Number} {h.Milliseconds} {(int)h.Flags} {h.Method} {h.Messages} {h.Bytes} {h.Key}", out length),
            RpcKind.Done or RpcKind.Claimed or RpcKind.Leave => Utf8.TryWrite(target, c, $"{kind} {h.From}", out length),
            RpcKind.Fail => Utf8.TryWrite(target, c, $"{kind} {h.From} {CodeNames[(int)h.Code]} {(h.MayHaveRun ? 1 : 0)} {Clean(h.Text)}", out length),
            RpcKind.Opened => Utf8.TryWrite(target, c, $"{kind} {h.From} {h.Stream} {h.Messages} {h.Bytes}", out length),
            RpcKind.Cancel => Utf8.TryWrite(target, c, $"{kind} {h.Id.Caller}.{h.Id.Number}", out length),
            RpcKind.Credit => Utf8.TryWrite(target, c, $"{kind} {h.Stream} {h.Sequence} {h.Messages} {h.Bytes}", out length),
            RpcKind.Abort => Utf8.TryWrite(target, c, $"{kind} {h.Stream} {h.Sequence} {CodeNames[(int)h.Code]} {Clean(h.Text)}", out length),
            RpcKind.Load => Utf8.TryWrite(target, c, $"{kind} {h.From} {h.Milliseconds} {h.Messages} {h.Bytes} {h.Text}", out length),
            RpcKind.Taken => Utf8.TryWrite(target, c, $"{kind} {h.From} {h.Key}", out length),
            _ => Utf8.TryWrite(target, c, $"{kind} {h.Stream} {h.Sequence}", out length),
        };
    }

    /// <summary>Finds and reads the header in a block as received; false where there is none that can be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, WordCache known, out RpcHeader header)
    {
        header = default;
        int at = block.IndexOf(LineStart);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> line = block[(at + LineStart.Length)..];
        int end = line.IndexOf((byte)'\r');
        Words words = new(end < 0 ? line : line[..end], known);
        if (!TryIndex(words.Next(), KindNames, out int kind))
        {
            return false;
        }

        header = Read((RpcKind)kind, ref words);
        return !words.Failed;
    }

    private static RpcHeader Read(RpcKind kind, ref Words words) => kind switch
    {
        RpcKind.Call => new RpcHeader(kind)
        {
            Id = words.Call(),
            Milliseconds = words.Number(),
            Flags = (RpcFlags)words.Number(),
            Method = words.Known(),
            Key = words.KnownRest(),
        },
        RpcKind.Open => new RpcHeader(kind)
        {
            Id = words.Call(),
            Milliseconds = words.Number(),
            Flags = (RpcFlags)words.Number(),
            Method = words.Known(),
            Messages = words.Number(),
            Bytes = words.Number(),
            Key = words.KnownRest(),
        },
        RpcKind.Done or RpcKind.Claimed or RpcKind.Leave => new RpcHeader(kind) { From = words.Server() },
        RpcKind.Fail => new RpcHeader(kind) { From = words.Server(), Code = words.Code(), MayHaveRun = words.Number() != 0, Text = words.Rest() },
        RpcKind.Opened => new RpcHeader(kind) { From = words.Server(), Stream = words.Number(), Messages = words.Number(), Bytes = words.Number() },
        RpcKind.Cancel => new RpcHeader(kind) { Id = words.Call() },
        RpcKind.Credit => new RpcHeader(kind) { Stream = words.Number(), Sequence = words.Number(), Messages = words.Number(), Bytes = words.Number() },
        RpcKind.Abort => new RpcHeader(kind) { Stream = words.Number(), Sequence = words.Number(), Code = words.Code(), Text = words.Rest() },
        RpcKind.Load => new RpcHeader(kind)
        {
            From = words.Server(),
            Milliseconds = words.Number(),
            Messages = words.Number(),
            Bytes = words.Number(),
            Text = words.Rest(),
        },
        RpcKind.Taken => new RpcHeader(kind) { From = words.Server(), Key = words.KnownRest() },
        _ => new RpcHeader(kind) { Stream = words.Number(), Sequence = words.Number() },
    };

    /// <summary>A text that can stand in a header.</summary>
    private static string Clean(string text)
    {
        string cut = text.Length > RpcLimits.ErrorTextLengthMax ? text[..RpcLimits.ErrorTextLengthMax] : text;
        return cut.AsSpan().ContainsAny('\r', '\n') ? cut.Replace('\r', ' ').Replace('\n', ' ') : cut;
    }

    private static bool TryIndex(ReadOnlySpan<byte> word, string[] names, out int index)
    {
        for (index = 0; index < names.Length; index++)
        {
            if (Ascii.Equals(word, names[index]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The words of a header, one after the other. A word that is missing or no number makes all of it unreadable.</summary>
    private ref struct Words(ReadOnlySpan<byte> line, WordCache known)
    {
        private ReadOnlySpan<byte> _rest = line;

        public bool Failed { get; private set; }

        public ReadOnlySpan<byte> Next()
        {
            int blank = _rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = blank < 0 ? _rest : _rest[..blank];
            _rest = blank < 0 ? default : _rest[(blank + 1)..];
            Failed |= word.IsEmpty;
            return word;
        }

        /// <summary>A word that has often come before.</summary>
        public string Known() => known.Get(Next());

        public CallId Call()
        {
            ReadOnlySpan<byte> word = Next();
            int dot = word.LastIndexOf((byte)'.');
            if (dot > 0 && Utf8Parser.TryParse(word[(dot + 1)..], out long number, out int used) && used == word.Length - dot - 1)
            {
                return new CallId(known.Get(word[..dot]), number);
            }

            Failed = true;
            return default;
        }

        /// <summary>The address of a server: it becomes a token of subjects, and so must be one.</summary>
        public string Server()
        {
            string server = Known();
            Failed |= RpcSubjects.TokenProblem(server) is not null;
            return server;
        }

        public string Rest() => Encoding.UTF8.GetString(_rest.Trim((byte)' '));

        public string KnownRest() => known.Get(_rest.Trim((byte)' '));

        public long Number()
        {
            ReadOnlySpan<byte> word = Next();
            Failed |= !Utf8Parser.TryParse(word, out long number, out int used) || used != word.Length || number < 0;
            return number;
        }

        public RpcCode Code()
        {
            // A code that a later version knows and this one doesn't is an error all the same.
            return TryIndex(Next(), CodeNames, out int code) ? (RpcCode)code : RpcCode.Internal;
        }
    }
}
