namespace Causeway.Core.Access;

/// <summary>How two subjects or patterns relate, token by token. Both must be valid.</summary>
public static class PatternRelation
{
    private const byte Separator = (byte)'.';

    /// <summary>True if <paramref name="pattern"/> stands for every subject that <paramref name="other"/> stands for.</summary>
    public static bool Covers(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> other)
    {
        while (true)
        {
            ReadOnlySpan<byte> mine = Take(ref pattern);
            ReadOnlySpan<byte> its = Take(ref other);
            if (mine.IsEmpty || its.IsEmpty)
            {
                return mine.IsEmpty && its.IsEmpty;
            }

            if (IsRest(mine))
            {
                return true;
            }

            if (IsRest(its) || !(IsAny(mine) || mine.SequenceEqual(its)))
            {
                return false;
            }
        }
    }

    /// <summary>True if some subject is one that both stand for.</summary>
    public static bool Overlap(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        while (true)
        {
            ReadOnlySpan<byte> first = Take(ref one);
            ReadOnlySpan<byte> second = Take(ref other);
            if (first.IsEmpty || second.IsEmpty)
            {
                return first.IsEmpty && second.IsEmpty;
            }

            if (IsRest(first) || IsRest(second))
            {
                return true;
            }

            if (!IsAny(first) && !IsAny(second) && !first.SequenceEqual(second))
            {
                return false;
            }
        }
    }

    private static bool IsAny(ReadOnlySpan<byte> token) => token is [(byte)'*'];

    private static bool IsRest(ReadOnlySpan<byte> token) => token is [(byte)'>'];

    /// <summary>Takes the first token off; empty if there is none.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> subject)
    {
        int end = subject.IndexOf(Separator);
        ReadOnlySpan<byte> token = end < 0 ? subject : subject[..end];
        subject = end < 0 ? default : subject[(end + 1)..];
        return token;
    }
}
