using System.Text;
using Causeway.Core.Subjects;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>
/// Sums by subject prefix, of one to <see cref="Depth"/> tokens at once, so that it can be told at which prefix growth comes together:
/// <c>room.1</c>, <c>room.2</c> and so on grow little each, and <c>room</c> much. Not thread-safe while it is filled.
/// </summary>
public sealed class PrefixTally
{
    /// <summary>Most tokens of a prefix.</summary>
    public const int Depth = 3;

    /// <summary>Most prefixes of each length; what would be one more is counted only under its shorter ones.</summary>
    public const int MaxPrefixes = 10_000;

    /// <summary>Share of what a prefix has grown that a longer one must have grown to be named in its place.</summary>
    private const double Most = 0.6;

    private readonly Dictionary<string, Sum>[] _levels = [.. Enumerable.Range(0, Depth).Select(_ => new Dictionary<string, Sum>(StringComparer.Ordinal))];

    /// <summary>Adds <paramref name="count"/> things of <paramref name="bytes"/> together under <paramref name="subject"/>.</summary>
    public void Add(ReadOnlySpan<byte> subject, double bytes, double count = 1)
    {
        for (int level = 0; level < Depth; level++)
        {
            ReadOnlySpan<byte> prefix = Subject.Prefix(subject, level + 1);
            string text = Encoding.UTF8.GetString(prefix);
            if (_levels[level].TryGetValue(text, out Sum sum) || _levels[level].Count < MaxPrefixes)
            {
                _levels[level][text] = new Sum(sum.Bytes + bytes, sum.Count + count, sum.HasMore || prefix.Length < subject.Length);
            }
        }
    }

    /// <summary>The prefix at which most growth since <paramref name="before"/> comes together; null if nothing has grown.</summary>
    public PrefixGrowth? Top(PrefixTally? before)
    {
        if (Growth(before, 0).FirstOrDefault() is not { } top)
        {
            return null;
        }

        for (int level = 1; level < Depth; level++)
        {
            string start = top.Prefix + ".";
            if (Growth(before, level).FirstOrDefault(deeper => deeper.Prefix.StartsWith(start, StringComparison.Ordinal)) is not { } next || next.Bytes < Most * top.Bytes)
            {
                break;
            }

            top = next;
        }

        return top;
    }

    /// <summary>What has grown since <paramref name="before"/>, by first token, the largest first.</summary>
    public IEnumerable<PrefixGrowth> ByFirstToken(PrefixTally? before) => Growth(before, 0);

    private IEnumerable<PrefixGrowth> Growth(PrefixTally? before, int level) => _levels[level]
        .Select(entry =>
        {
            Sum was = before?._levels[level].GetValueOrDefault(entry.Key) ?? default;
            return new PrefixGrowth(entry.Key, entry.Value.HasMore, entry.Value.Bytes - was.Bytes, (long)Math.Round(entry.Value.Count - was.Count));
        })
        .Where(growth => growth.Bytes > 0)
        .OrderByDescending(growth => growth.Bytes);

    private readonly record struct Sum(double Bytes, double Count, bool HasMore);
}

/// <summary>What has grown under a prefix.</summary>
/// <param name="Prefix">The prefix, without a separator at its end.</param>
/// <param name="HasMore">True if there are subjects that go on behind it.</param>
/// <param name="Bytes">By how many bytes.</param>
/// <param name="Count">By how many subscriptions or messages.</param>
public sealed record PrefixGrowth(string Prefix, bool HasMore, double Bytes, long Count)
{
    /// <summary>As a subject: <c>room.&gt;</c> for what lies under <c>room</c>.</summary>
    public override string ToString() => HasMore ? Prefix + ".>" : Prefix;
}
