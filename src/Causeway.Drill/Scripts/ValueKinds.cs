using System.Globalization;
using System.Text.RegularExpressions;
using Causeway.Drill.Load;

namespace Causeway.Drill.Scripts;

/// <summary>The kinds of values that scripts have.</summary>
internal static partial class ValueKinds
{
    /// <summary>A sentence.</summary>
    public static readonly ValueKind<string> Text = new(
        $"a text of 1 to {ScriptLimits.TextCharactersMax} characters",
        (text, out value) => (value = ScriptText.OneLine(text)).Length is > 0 and <= ScriptLimits.TextCharactersMax);

    /// <summary>A name of a drill or region.</summary>
    public static readonly ValueKind<string> Name = new(
        "a name of 1 to 40 small letters, digits and dashes",
        (text, out value) => NamePattern().IsMatch(value = text));

    /// <summary>An alarm's rule.</summary>
    public static readonly ValueKind<string> Rule = new(
        "a rule's name in small letters and underscores, such as memory_growth",
        (text, out value) => RulePattern().IsMatch(value = text));

    /// <summary>A length of time.</summary>
    public static readonly ValueKind<TimeSpan> Time = new(
        "a time such as 500ms, 90s, 2m or 1h30m, up to a day",
        ScriptText.TryTime);

    /// <summary>A length of time that is not zero.</summary>
    public static readonly ValueKind<TimeSpan> PositiveTime = new(
        "a time above 0 such as 500ms, 90s, 2m or 1h30m, up to a day",
        (text, out value) => ScriptText.TryTime(text, out value) && value > TimeSpan.Zero);

    /// <summary>A time of day.</summary>
    public static readonly ValueKind<TimeOnly> Clock = new(
        "a time of day such as \"04:50\"",
        (text, out value) => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out value));

    /// <summary>Bytes a second.</summary>
    public static readonly ValueKind<long> ByteRate = new(
        "bytes a second such as 64KiB or 2MB, at least 1",
        (text, out value) => ScriptText.TryBytes(text, out value) && value >= 1);

    /// <summary>A memory limit.</summary>
    public static readonly ValueKind<long> MemoryLimit = new(
        $"bytes such as 256MiB, from {ScriptText.Bytes(ScriptLimits.MemoryLimitBytesMin)} to {ScriptText.Bytes(ScriptLimits.MemoryLimitBytesMax)}",
        (text, out value) => ScriptText.TryBytes(text, out value) && value >= ScriptLimits.MemoryLimitBytesMin);

    /// <summary>A share as a percentage.</summary>
    public static readonly ValueKind<double> Share = new(
        "a percentage such as 1% or 0.5%",
        (text, out value) => TryShare(text, out value));

    /// <summary>A number that random choices begin from.</summary>
    public static readonly ValueKind<int> Seed = Whole(0, int.MaxValue);

    /// <summary>Messages, calls or changes a second.</summary>
    public static readonly ValueKind<double> PerSecond = Number(0, LoadLimits.MaxMessagesPerSecond);

    /// <summary>A whole number in a range.</summary>
    public static ValueKind<int> Whole(int min, int max) => new(
        $"a whole number from {min} to {max}, with k or M for thousands or millions",
        (text, out value) =>
        {
            bool read = ScriptText.TryCount(text, out double count) && count >= min && count <= max && count == Math.Floor(count);
            value = read ? (int)count : 0;
            return read;
        });

    /// <summary>A number in a range.</summary>
    public static ValueKind<double> Number(double min, double max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        (text, out value) => ScriptText.TryCount(text, out value) && value >= min && value <= max);

    /// <summary>One of several words.</summary>
    public static ValueKind<string> OneOf(IReadOnlyList<string> words) => new(
        words.Count == 1 ? words[0] : $"one of {string.Join(", ", words)}",
        (text, out value) => words.Contains(value = text));

    /// <summary>When a step comes: a time since the drill's start or, where the drill has one, by its clock.</summary>
    public static ValueKind<TimeSpan> Moment(TimeOnly? startsAt) => new(
        "a time since the start such as 90s or 2m" + (startsAt is { } start ? $", or a time of day from \"{start:HH\\:mm}\" on" : " (times of day need starts-at)"),
        (text, out value) =>
        {
            if (startsAt is { } from && Clock.Read(text, out TimeOnly clock))
            {
                value = clock - from;
                return true;
            }

            return ScriptText.TryTime(text, out value);
        });

    /// <summary>A node of a region.</summary>
    public static ValueKind<NodeChoice> Node(IReadOnlyList<string> regions) => new(
        $"a region and a node's number, such as {regions[0]}/1, or {regions[0]}/any for one that the seed chooses (regions: {string.Join(", ", regions)})",
        (text, out value) =>
        {
            string[] parts = text.Split('/');
            int number = 0;
            bool read = parts.Length == 2 && regions.Contains(parts[0])
                && (parts[1] == "any" || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= 20));
            value = read ? new NodeChoice(parts[0], number == 0 ? null : number) : new NodeChoice("", null);
            return read;
        });

    private static bool TryShare(string text, out double value)
    {
        value = 0;
        if (!text.EndsWith('%') || !ScriptText.TryCount(text[..^1], out double percent) || percent > 100)
        {
            return false;
        }

        value = percent / 100;
        return true;
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[a-z][a-z_]{0,38}\z")]
    private static partial Regex RulePattern();
}
