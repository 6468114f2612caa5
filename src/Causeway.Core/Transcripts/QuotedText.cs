using System.Globalization;
using System.Text;

namespace Causeway.Core.Transcripts;

/// <summary>Bytes of clients as text for a log: whatever they are, it stays on its line and does nothing to a terminal.</summary>
public static class QuotedText
{
    private const byte Delete = 0x7F;

    /// <summary>Appends <paramref name="bytes"/> in double quotes, as nats-server does: with the escapes of a Go string (strconv.Quote).</summary>
    /// <param name="text">What is appended to.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="ending">What stands behind them, before the closing quote.</param>
    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> bytes, string ending = "")
    {
        text.Append('"');
        while (!bytes.IsEmpty)
        {
            int length = AppendOne(text, bytes, quotes: true);
            bytes = bytes[length..];
        }

        text.Append(ending).Append('"');
    }

    /// <summary>Appends <paramref name="bytes"/> as they are, but for what can't be shown, which is escaped.</summary>
    public static void AppendPlain(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = AppendOne(text, bytes, quotes: false);
            bytes = bytes[length..];
        }
    }

    /// <summary>Appends the first character of <paramref name="bytes"/> and returns how many of them it took.</summary>
    private static int AppendOne(StringBuilder text, ReadOnlySpan<byte> bytes, bool quotes)
    {
        byte first = bytes[0];
        if (first is >= (byte)' ' and < Delete)
        {
            if (quotes && first is (byte)'"' or (byte)'\\')
            {
                text.Append('\\');
            }

            text.Append((char)first);
            return 1;
        }

        if (first < 0x80)
        {
            AppendControl(text, first);
            return 1;
        }

        if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
        {
            AppendByte(text, first);
            return 1;
        }

        if (IsShown(rune))
        {
            text.Append(rune.ToString());
        }
        else
        {
            text.Append(rune.IsBmp ? "\\u" : "\\U").Append(rune.Value.ToString(rune.IsBmp ? "x4" : "x8", CultureInfo.InvariantCulture));
        }

        return length;
    }

    private static void AppendControl(StringBuilder text, byte value)
    {
        string? letter = value switch
        {
            0x07 => "\\a",
            0x08 => "\\b",
            0x09 => "\\t",
            0x0A => "\\n",
            0x0B => "\\v",
            0x0C => "\\f",
            0x0D => "\\r",
            _ => null,
        };
        if (letter is not null)
        {
            text.Append(letter);
        }
        else
        {
            AppendByte(text, value);
        }
    }

    private static void AppendByte(StringBuilder text, byte value) => text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");

    /// <summary>True for letters, marks, numbers, punctuation and symbols.</summary>
    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
