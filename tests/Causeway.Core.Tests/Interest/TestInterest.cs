using System.Text;
using Causeway.Core.Interest;
using Causeway.Core.Memory;

namespace Causeway.Core.Tests.Interest;

/// <summary>What tests of interest are made of.</summary>
internal static class TestInterest
{
    // Made once: the simulations ask for them millions of times.
    private static readonly Lazy<ulong[]> Made = new(() => [.. Enumerable.Range(0, 120_000).Select(NewLiteral)]);

    public static FingerprintKey Key { get; } = new([.. Enumerable.Range(0, FingerprintKey.SecretBytes).Select(i => (byte)i)]);

    public static MemoryAccount NewAccount() => new MemoryBudget(1L << 40).Open("interest");

    public static InterestTable NewTable(MemoryAccount? account = null, ulong epoch = 1, long maxTombstones = InterestTable.DefaultMaxTombstones) =>
        new(Key, epoch, account ?? NewAccount(), null, maxTombstones);

    /// <summary>Fingerprint number <paramref name="number"/> of an endless evenly spread supply.</summary>
    public static ulong Literal(int number) => number < Supply.Length ? Supply[number] : NewLiteral(number);

    public static InterestText Text(long number) => (number % 3) switch
    {
        0 => new InterestText("$G"u8, Bytes($"room.{number}.*")),
        1 => new InterestText("$G"u8, Bytes($"call.{number}"), Bytes("workers")),
        _ => new InterestText(Bytes($"tenant{number % 7}"), Bytes($"a.{number}.>"), Bytes("group")),
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ulong[] Supply => Made.Value;

    public static List<ulong> Literals(InterestTable table)
    {
        List<ulong> all = [];
        ulong[] found = new ulong[100];
        for (ulong at = 0; at < InterestPosition.LiteralEnd;)
        {
            int count = table.WalkLiterals(ref at, InterestPosition.LiteralEnd, null, found);
            all.AddRange(found.Take(count).Select(entry => entry >> 1));
        }

        return all;
    }

    public static List<InterestText> Texts(InterestTable table)
    {
        List<InterestText> all = [];
        TextEntry[] found = new TextEntry[10];
        for (ulong at = InterestPosition.TextStart; at < InterestPosition.End;)
        {
            int count = table.WalkTexts(ref at, InterestPosition.End, null, found);
            all.AddRange(found.Take(count).Select(entry => entry.Text));
        }

        return all;
    }

    private static ulong NewLiteral(int number) => Key.Of("$G"u8, Encoding.UTF8.GetBytes($"room.{number}"));
}
