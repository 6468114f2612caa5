using System.Text;

namespace Causeway.Core.Tests.Support;

/// <summary>Texts as the bytes that they stand for, one byte per character, and back.</summary>
internal static class Wire
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The bytes as a C# literal, to be copied from a failure into a test.</summary>
    public static string Literal(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("\"");
        foreach (byte value in bytes)
        {
            text.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\t' => "\\t",
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                < 32 or > 126 => $"\\u{value:x4}",
                _ => ((char)value).ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
