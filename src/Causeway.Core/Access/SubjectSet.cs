using System.Text;
using Causeway.Core.Subjects;

namespace Causeway.Core.Access;

/// <summary>
/// A set of subjects given by literals and patterns, as allow and deny lists have them: whether it has a subject, has all that a
/// pattern stands for, or has some of it in common. Immutable; a look costs as much as there are entries. Any thread.
/// </summary>
public sealed class SubjectSet
{
    /// <summary>Most entries of a set.</summary>
    public const int MaxEntries = 10_000;

    private readonly HashSet<string> _literals = new(StringComparer.Ordinal);
    private readonly byte[][] _patterns;
    private readonly byte[][] _all;

    /// <summary>Creates a set. Throws <see cref="ArgumentException"/> for what is no subject, and for too many entries.</summary>
    public SubjectSet(IEnumerable<string> entries)
    {
        List<byte[]> patterns = [];
        List<byte[]> all = [];
        foreach (string entry in entries.Distinct(StringComparer.Ordinal))
        {
            byte[] subject = Encoding.UTF8.GetBytes(entry);
            if (!Subject.Check(subject, out bool isPattern))
            {
                throw new ArgumentException($"'{entry}' is no subject; accepted are tokens with . between them, * for any one token and > for all that follow");
            }

            if (all.Count == MaxEntries)
            {
                throw new ArgumentException($"more than {MaxEntries} subjects are in one list");
            }

            all.Add(subject);
            if (isPattern)
            {
                patterns.Add(subject);
            }
            else
            {
                _literals.Add(entry);
            }
        }

        _patterns = [.. patterns];
        _all = [.. all];
    }

    /// <summary>The entries, literals and patterns, in UTF-8.</summary>
    public IReadOnlyList<byte[]> Entries => _all;

    /// <summary>
    /// True if it has the literal <paramref name="subject"/>, in which <c>*</c> and <c>&gt;</c> are tokens like others. One with an empty
    /// token, which reaches nobody, is in no set.
    /// </summary>
    public bool Has(ReadOnlySpan<byte> subject)
    {
        if (subject.IsEmpty || subject[0] == Subject.Separator || subject[^1] == Subject.Separator || subject.IndexOf(".."u8) >= 0)
        {
            return false;
        }

        foreach (byte[] pattern in _patterns)
        {
            if (Subject.Matches(pattern, subject))
            {
                return true;
            }
        }

        return _literals.Count > 0 && HasLiteral(subject);
    }

    /// <summary>True if one of its entries stands for all that <paramref name="pattern"/> does. For a literal as <see cref="Has"/>.</summary>
    public bool Covers(ReadOnlySpan<byte> pattern)
    {
        foreach (byte[] entry in _all)
        {
            if (PatternRelation.Covers(entry, pattern))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True if some subject is in it and is one that <paramref name="pattern"/> stands for.</summary>
    public bool Overlaps(ReadOnlySpan<byte> pattern)
    {
        foreach (byte[] entry in _all)
        {
            if (PatternRelation.Overlap(entry, pattern))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasLiteral(ReadOnlySpan<byte> subject)
    {
        const int onStack = 256;
        int length = Encoding.UTF8.GetMaxCharCount(subject.Length);
        Span<char> text = length <= onStack ? stackalloc char[onStack] : new char[length];
        return _literals.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[..Encoding.UTF8.GetChars(subject, text)]);
    }
}
