namespace Causeway.Core.Subjects;

/// <summary>
/// The rules of subjects: tokens separated by <c>.</c>, none empty, no white space; in a pattern <c>*</c> stands for one token and
/// a last <c>&gt;</c> for one or more. A <c>*</c> or <c>&gt;</c> that is only a part of a token is an ordinary character (NATS
/// protocol documentation, subject-based messaging).
/// </summary>
public static class Subject
{
    /// <summary>The byte between tokens.</summary>
    public const byte Separator = (byte)'.';

    /// <summary>The byte of the token that matches any one token.</summary>
    public const byte AnyToken = (byte)'*';

    /// <summary>The byte of the token that matches all the rest.</summary>
    public const byte AnyRest = (byte)'>';

    /// <summary>True if <paramref name="subject"/> can be subscribed to: a literal or a pattern with its wildcards in order.</summary>
    public static bool IsValid(ReadOnlySpan<byte> subject) => Check(subject, out _);

    /// <summary>True if <paramref name="subject"/> is valid and has no wildcard.</summary>
    public static bool IsLiteral(ReadOnlySpan<byte> subject) => Check(subject, out bool isPattern) && !isPattern;

    /// <summary>Checks <paramref name="subject"/> and tells whether it is a pattern.</summary>
    public static bool Check(ReadOnlySpan<byte> subject, out bool isPattern)
    {
        isPattern = false;
        if (subject.IsEmpty)
        {
            return false;
        }

        int start = 0;
        bool rest = false;
        for (int i = 0; i <= subject.Length; i++)
        {
            if (i < subject.Length && subject[i] != Separator)
            {
                if (subject[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f')
                {
                    return false;
                }

                continue;
            }

            int length = i - start;
            if (length == 0 || rest)
            {
                return false;
            }

            if (length == 1)
            {
                rest = subject[start] == AnyRest;
                isPattern |= rest || subject[start] == AnyToken;
            }

            start = i + 1;
        }

        return true;
    }

    /// <summary>
    /// True if the literal <paramref name="subject"/> is matched by <paramref name="pattern"/>; both must be valid. The plain
    /// definition, for tests and single questions; the index answers for many at once.
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> subject)
    {
        while (true)
        {
            ReadOnlySpan<byte> wanted = NextToken(ref pattern, out bool morePattern);
            if (wanted is [AnyRest] && !morePattern)
            {
                return true;
            }

            ReadOnlySpan<byte> token = NextToken(ref subject, out bool moreSubject);
            if (wanted is not [AnyToken] && !wanted.SequenceEqual(token))
            {
                return false;
            }

            if (!morePattern || !moreSubject)
            {
                return morePattern == moreSubject;
            }
        }
    }

    /// <summary>The first <paramref name="tokens"/> tokens of <paramref name="subject"/>, without the separator behind them.</summary>
    public static ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> subject, int tokens)
    {
        for (int i = 0; i < subject.Length; i++)
        {
            if (subject[i] == Separator && --tokens == 0)
            {
                return subject[..i];
            }
        }

        return subject;
    }

    /// <summary>Takes the first token off <paramref name="rest"/>; <paramref name="more"/> tells whether another follows.</summary>
    internal static ReadOnlySpan<byte> NextToken(ref ReadOnlySpan<byte> rest, out bool more)
    {
        int dot = rest.IndexOf(Separator);
        more = dot >= 0;
        ReadOnlySpan<byte> token = more ? rest[..dot] : rest;
        rest = more ? rest[(dot + 1)..] : default;
        return token;
    }
}
