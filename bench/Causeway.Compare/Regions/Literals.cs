using System.Text;

namespace Causeway.Compare.Regions;

/// <summary>
/// Random literal subjects of 60 characters in four tokens, each found again by its number alone: a million are not held as strings.
/// </summary>
internal static class Literals
{
    public const int Length = 60;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int Tokens = 4;
    private const int LinesAtOnce = 2000;

    /// <summary>The subject with that number, the same on every run.</summary>
    public static string Subject(long number)
    {
        ulong state = (ulong)number;
        Span<char> subject = stackalloc char[Length];
        ulong bits = 0;
        for (int i = 0; i < Length; i++)
        {
            if (i % 10 == 0)
            {
                bits = Next(ref state);
            }

            subject[i] = i % (Length / Tokens) == 0 && i > 0 ? '.' : Alphabet[(int)(bits % (ulong)Alphabet.Length)];
            bits /= (ulong)Alphabet.Length;
        }

        return new string(subject);
    }

    /// <summary>Subscribes to the subjects with numbers from <paramref name="first"/>; the number is the subscription's id too.</summary>
    public static void Subscribe(BusClient client, long first, long count) =>
        InPieces(client, first, count, (lines, number) => lines.Append("SUB ").Append(Subject(number)).Append(' ').Append(number + 1).Append("\r\n"));

    public static void Unsubscribe(BusClient client, long first, long count) =>
        InPieces(client, first, count, (lines, number) => lines.Append("UNSUB ").Append(number + 1).Append("\r\n"));

    /// <summary>As many of the numbers, evenly spread, the first and the last among them.</summary>
    public static IReadOnlyList<long> Sample(long first, long count, int samples)
    {
        int taken = (int)Math.Min(samples, count);
        return [.. Enumerable.Range(0, taken).Select(i => first + (taken == 1 ? 0 : i * (count - 1) / (taken - 1)))];
    }

    private static void InPieces(BusClient client, long first, long count, Action<StringBuilder, long> append)
    {
        StringBuilder lines = new();
        for (long i = 0; i < count; i++)
        {
            append(lines, first + i);
            if ((i + 1) % LinesAtOnce == 0 || i + 1 == count)
            {
                client.Send(lines.ToString());
                lines.Clear();
            }
        }

        client.Flush();
    }

    // SplitMix64: good bits from consecutive numbers.
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
