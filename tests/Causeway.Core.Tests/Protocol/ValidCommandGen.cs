using CsCheck;

namespace Causeway.Core.Tests.Protocol;

/// <summary>Commands that a client may send, one byte per character, in the many forms that the protocol allows.</summary>
internal static class ValidCommandGen
{
    private static readonly Gen<string> Subject = Gen.OneOf("a", "b", "a.b", "a.b.c", "_INBOX.x.1", "b.0123456789.0123456789.0123456789");
    private static readonly Gen<string> Pattern = Gen.OneOf("a", "a.*", "*.b", "a.>", ">", "_INBOX.x.*");
    private static readonly Gen<string> Blank = Gen.Frequency((10, " "), (1, "  "), (1, "\t"), (1, " \t "));
    private static readonly Gen<string> LineEnd = Gen.Frequency((10, "\r\n"), (1, "\n"), (1, " \r\n"), (1, "\r\r\n"));
    private static readonly Gen<string> Payload = Gen.Frequency<string>(
        (4, Gen.OneOf("", "x", "hello", "\r\n", "PING\r\n")),
        (1, Gen.Char[' ', '~'].Array[0, 80].Select(chars => new string(chars))));

    private static readonly Gen<string> Sid = Gen.Int[1, 6].Select(sid => sid.ToString(System.Globalization.CultureInfo.InvariantCulture));
    private static readonly Gen<string> Reply = Gen.Frequency((3, ""), (1, "r"), (1, "_INBOX.x.7"));
    private static readonly Gen<string> Queue = Gen.Frequency((3, ""), (1, "q"), (1, "p"));

    public static Gen<string> Pub { get; } =
        Gen.Select(Gen.OneOf("PUB", "pub", "Pub"), Blank, Subject, Reply, Payload, LineEnd, (verb, blank, subject, reply, payload, end) =>
            $"{verb}{blank}{subject}{blank}{(reply.Length > 0 ? reply + blank : "")}{payload.Length}{end}{payload}\r\n");

    public static Gen<string> Hpub { get; } =
        Gen.Select(Blank, Subject, Reply, Payload, LineEnd, Gen.Int[0, 12], (blank, subject, reply, payload, end, header) =>
            $"HPUB{blank}{subject}{blank}{(reply.Length > 0 ? reply + blank : "")}{Math.Min(header, payload.Length)}{blank}{payload.Length}{end}{payload}\r\n");

    public static Gen<string> Sub { get; } =
        Gen.Select(Blank, Pattern, Queue, Sid, LineEnd, (blank, subject, queue, sid, end) =>
            $"SUB{blank}{subject}{blank}{(queue.Length > 0 ? queue + blank : "")}{sid}{end}");

    public static Gen<string> Unsub { get; } =
        Gen.Select(Blank, Sid, Gen.OneOf("", " 1", " 3", " 0", " x"), LineEnd, (blank, sid, max, end) => $"UNSUB{blank}{sid}{max}{end}");

    public static Gen<string> Other { get; } =
        Gen.OneOf("PING\r\n", "PONG\r\n", "ping\n", "+OK\r\n", "INFO {}\r\n", "CONNECT {\"verbose\":true,\"headers\":true}\r\n", "CONNECT {\"verbose\":false}\r\n");

    public static Gen<string> Any { get; } = Gen.Frequency<string>((6, Pub), (2, Hpub), (3, Sub), (1, Unsub), (2, Other));
}
