using System.Globalization;

namespace Causeway.Core.Tracing;

/// <summary>
/// The trace that a message belongs to, from its header <c>traceparent</c> (W3C Trace Context, level 1:
/// <c>00-trace id-span id-flags</c>). Only messages that are marked as sampled are of interest.
/// </summary>
/// <param name="TraceIdHigh">The first half of the trace's id.</param>
/// <param name="TraceIdLow">The second half.</param>
/// <param name="SpanId">The span in which the message was published.</param>
public readonly record struct TraceContext(ulong TraceIdHigh, ulong TraceIdLow, ulong SpanId)
{
    private const int TraceAt = 3;
    private const int SpanAt = 36;
    private const int FlagsAt = 53;
    private const int Length = 55;
    private const byte SampledFlag = 1;

    /// <summary>The trace's id as text, 32 digits.</summary>
    public string TraceId => string.Create(CultureInfo.InvariantCulture, $"{TraceIdHigh:x16}{TraceIdLow:x16}");

    private static ReadOnlySpan<byte> HeaderName => "traceparent:"u8;

    /// <summary>
    /// Finds the header in a header block (<c>NATS/1.0 CR LF name: value CR LF ... CR LF</c>); false if there is none, if it is malformed, or
    /// if the message is not sampled. Allocates nothing.
    /// </summary>
    public static bool TryReadSampled(ReadOnlySpan<byte> headers, out TraceContext context)
    {
        context = default;
        while (!headers.IsEmpty)
        {
            int end = headers.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? headers : headers[..end];
            headers = end < 0 ? default : headers[(end + 2)..];
            if (line.Length >= HeaderName.Length + Length && System.Text.Ascii.EqualsIgnoreCase(line[..HeaderName.Length], HeaderName))
            {
                return TryRead(line[HeaderName.Length..].Trim((byte)' '), out context);
            }
        }

        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> value, out TraceContext context)
    {
        context = default;
        // Of a later version the beginning is the same, and more may follow behind a dash.
        bool isRead = value.Length >= Length && (value.Length == Length || value[Length] == (byte)'-')
            && value[TraceAt - 1] == (byte)'-' && value[SpanAt - 1] == (byte)'-' && value[FlagsAt - 1] == (byte)'-'
            && TryHex(value[..2], out ulong version) && version != byte.MaxValue && (version > 0 || value.Length == Length)
            && TryHex(value.Slice(TraceAt, 16), out ulong high) & TryHex(value.Slice(TraceAt + 16, 16), out ulong low)
            && TryHex(value.Slice(SpanAt, 16), out ulong span) & TryHex(value.Slice(FlagsAt, 2), out ulong flags)
            && Keep(high, low, span, flags, out context);
        return isRead;
    }

    private static bool Keep(ulong high, ulong low, ulong span, ulong flags, out TraceContext context)
    {
        context = new TraceContext(high, low, span);
        return (high | low) != 0 && span != 0 && (flags & SampledFlag) != 0;
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out ulong value)
    {
        value = 0;
        foreach (byte digit in digits)
        {
            int number = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                _ => -1,
            };
            if (number < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)number;
        }

        return true;
    }
}
