using CsCheck;

namespace Causeway.Core.Tests.Protocol;

/// <summary>
/// Streams near the protocol's grammar: valid commands, commands with one thing wrong, words of the grammar in any order, random
/// bytes, and all of them damaged afterwards; sizes and lines lie around the limits. Written by hand for speed; a shorter input with
/// smaller bytes is the simpler one, so failures shrink to that.
/// </summary>
internal sealed class StreamGen : Gen<ProtocolInput>
{
    /// <summary>The limits that the inputs lie around.</summary>
    public static readonly Limits Limits = new() { MaxControlLineBytes = 128, MaxPayloadBytes = 80 };

    private const int MostBytes = 1024;

    private static readonly byte[][] Words = Split(
        "PUB |HPUB |SUB |UNSUB |CONNECT |PING|PONG|INFO |+OK|-ERR |pub |Sub |a|b.c|*|>|a.>|..|0|1|5|12|80|81|99|-1|+1| |  |\t|\r|\n|\r\n|\r\n|.");

    private static readonly byte[][] Subjects = Split("a|b|foo.bar|_INBOX.x.1|a.*|>|a..b|.|x.y.z.0123456789.0123456789|\u00e9\u0000");
    private static readonly byte[][] Lines = Split(
        "PING\r\n|PONG\r\n|CONNECT {}\r\n|CONNECT{\"verbose\":false}\r\n|INFO {}\r\n|+OK\r\n|-ERR 'x'\r\n|ping junk\r\n|\r\n|MSG a 1 0\r\n\r\n|PING\n");

    private static readonly byte[][] WrongSizes = Split("-1|+1|x|1.0|0000000001|1234567890|999999999|01|1 |1e1");
    private static readonly byte[][] OddBlanks = Split("  |\t| \t |\r|   ");
    private static readonly byte[][] OddLineEnds = Split("\n|\r\r\n| \r\n|\t\r\n|\r| \n");
    private static readonly byte[][] Verbs = Split("PUB|HPUB|SUB|UNSUB|pub|hpub|Pub|sUb|unsub");

    [ThreadStatic]
    private static StreamDraft? _draft;

    public override ProtocolInput Generate(PCG pcg, Size? min, out Size size)
    {
        StreamDraft draft = _draft ??= new StreamDraft(MostBytes);
        draft.Clear();
        for (uint pieces = 1 + pcg.Next(4); pieces > 0; pieces--)
        {
            uint kind = pcg.Next(16);
            if (kind < 11)
            {
                Command(draft, pcg);
            }
            else if (kind < 13)
            {
                draft.Add(Any(Lines, pcg));
            }
            else if (kind < 15)
            {
                Soup(draft, pcg);
            }
            else
            {
                Noise(draft, pcg);
            }
        }

        Damage(draft, pcg);
        byte[] data = draft.ToArray();
        int first = (int)pcg.Next((uint)data.Length + 1);
        int second = first + (int)pcg.Next((uint)(data.Length - first) + 1);
        size = new Size((ulong)data.Length, new Size((ulong)data.Sum(value => value)));
        return new ProtocolInput(data, first, second, pcg.Next(4) != 0);
    }

    private static byte[][] Split(string words) => [.. words.Split('|').Select(Support.Wire.Bytes)];

    private static byte[] Any(byte[][] words, PCG pcg) => words[pcg.Next((uint)words.Length)];

    /// <summary>A command with arguments, most of them right.</summary>
    private static void Command(StreamDraft draft, PCG pcg)
    {
        byte[] verb = Verbs[pcg.Next(16) < 9 ? 0 : pcg.Next((uint)Verbs.Length)];
        bool message = verb.Length == 4 || verb[0] is (byte)'P' or (byte)'p';
        draft.Add(verb);
        Blank(draft, pcg);
        int argumentsAt = draft.Length;
        draft.Add(Any(Subjects, pcg));
        if (pcg.Next(16) == 0)
        {
            Pad(draft, pcg, argumentsAt);
        }

        for (uint more = pcg.Next(16) is var dice && dice < 10 ? 0 : dice < 15 ? 1u : 2u; more > 0; more--)
        {
            Blank(draft, pcg);
            draft.Add(Any(Subjects, pcg));
        }

        if (!message)
        {
            Blank(draft, pcg);
            draft.AddNumber(pcg.Next(20));
            LineEnd(draft, pcg);
            return;
        }

        Message(draft, pcg, hasHeader: verb.Length == 4);
    }

    private static void Message(StreamDraft draft, PCG pcg, bool hasHeader)
    {
        // 80 is the largest message; a tenth lies around it.
        uint payload = pcg.Next(10) == 0 ? 78 + pcg.Next(5) : pcg.Next(24);
        if (hasHeader)
        {
            Blank(draft, pcg);
            draft.AddNumber(pcg.Next(payload + 2));
        }

        Blank(draft, pcg);
        if (pcg.Next(24) == 0)
        {
            draft.Add(Any(WrongSizes, pcg));
        }
        else
        {
            draft.AddNumber(payload);
        }

        LineEnd(draft, pcg);
        for (uint i = payload; i > 0; i--)
        {
            draft.Add("ab \r\nPUB+*"u8[(int)pcg.Next(10)]);
        }

        draft.Add("\r\n"u8);
    }

    /// <summary>Makes the first argument so long that the line comes to lie around the limit.</summary>
    private static void Pad(StreamDraft draft, PCG pcg, int argumentsAt)
    {
        int upTo = argumentsAt + Limits.MaxControlLineBytes - 8 + (int)pcg.Next(12);
        while (draft.Length < upTo)
        {
            draft.Add((byte)'p');
        }
    }

    private static void Blank(StreamDraft draft, PCG pcg)
    {
        if (pcg.Next(24) == 0)
        {
            draft.Add(Any(OddBlanks, pcg));
        }
        else
        {
            draft.Add((byte)' ');
        }
    }

    private static void LineEnd(StreamDraft draft, PCG pcg)
    {
        if (pcg.Next(24) == 0)
        {
            draft.Add(Any(OddLineEnds, pcg));
        }
        else
        {
            draft.Add("\r\n"u8);
        }
    }

    private static void Soup(StreamDraft draft, PCG pcg)
    {
        for (uint words = 1 + pcg.Next(12); words > 0; words--)
        {
            draft.Add(Any(Words, pcg));
        }
    }

    private static void Noise(StreamDraft draft, PCG pcg)
    {
        for (uint bytes = 1 + pcg.Next(40); bytes > 0; bytes--)
        {
            draft.Add((byte)pcg.Next(256));
        }
    }

    /// <summary>Changes, takes out, repeats or cuts off bytes of a third of the streams.</summary>
    private static void Damage(StreamDraft draft, PCG pcg)
    {
        uint times = pcg.Next(8) is var dice && dice < 5 ? 0 : dice - 4;
        for (; times > 0 && draft.Length > 0; times--)
        {
            int at = (int)pcg.Next((uint)draft.Length);
            switch (pcg.Next(5))
            {
                case 0:
                    draft.Replace(at, (byte)pcg.Next(256));
                    break;
                case 1:
                    draft.Replace(at, " \t\r\n09+-PpSsUuHh."u8[(int)pcg.Next(17)]);
                    break;
                case 2:
                    draft.Remove(at);
                    break;
                case 3:
                    draft.Insert(at, " \t\r\n09+-PpSsUuHh."u8[(int)pcg.Next(17)]);
                    break;
                default:
                    draft.CutAt(at);
                    break;
            }
        }
    }
}
