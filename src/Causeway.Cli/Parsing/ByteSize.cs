using System.Globalization;

namespace Causeway.Cli.Parsing;

/// <summary>A number of bytes: <c>65536</c>, <c>64KiB</c>, <c>1MB</c>, <c>1.5GiB</c>.</summary>
/// <remarks>KB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB and the bare K, M, G, T are powers of 1024. Case does not matter.</remarks>
internal readonly record struct ByteSize(long Bytes) : IValueText<ByteSize>
{
    private const long Ki = 1024;

    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("TiB", Ki * Ki * Ki * Ki), ("GiB", Ki * Ki * Ki), ("MiB", Ki * Ki), ("KiB", Ki),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000),
        ("T", Ki * Ki * Ki * Ki), ("G", Ki * Ki * Ki), ("M", Ki * Ki), ("K", Ki),
        ("B", 1),
    ];

    public static string Accepted => "a number of bytes, alone or with KiB, MiB, GiB (1024) or KB, MB, GB (1000)";

    public static string HelpName => "bytes";

    public static bool TryRead(ReadOnlySpan<char> text, out ByteSize value)
    {
        value = default;
        if (!NumberText.TrySplit(text, out decimal number, out ReadOnlySpan<char> suffix))
        {
            return false;
        }

        long factor = suffix.IsEmpty ? 1 : 0;
        foreach ((string name, long unit) in Units)
        {
            if (suffix.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                factor = unit;
                break;
            }
        }

        if (factor == 0 || !NumberText.TryScale(number, factor, out long bytes))
        {
            return false;
        }

        value = new ByteSize(bytes);
        return true;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The shortest exact form: <c>64KiB</c>, <c>1MB</c>, <c>65537</c>.</summary>
    public override string ToString()
    {
        foreach ((string name, long unit) in Units)
        {
            if (unit > 1 && Bytes >= unit && Bytes % unit == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Bytes / unit}{name}");
            }
        }

        return Bytes.ToString(CultureInfo.InvariantCulture);
    }
}
