using System.Buffers;
using System.Text;

namespace Causeway.Bus.Tests.Support;

/// <summary>Commands as bytes, one after the other.</summary>
internal sealed class Wire
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public static byte[] Pub(string subject, ReadOnlySpan<byte> payload) => new Wire().AddPub(subject, payload).Bytes.ToArray();

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public Wire Add(string text)
    {
        Encoding.UTF8.GetBytes(text, _bytes);
        return this;
    }

    public Wire Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public Wire AddPub(string subject, ReadOnlySpan<byte> payload) => Add($"PUB {subject} {payload.Length}\r\n").Add(payload).Add("\r\n");

    /// <summary>Adds a message that <see cref="Numbered"/> can check.</summary>
    public Wire AddNumbered(string subject, int publisher, long number, int size = Numbered.LeastBytes)
    {
        Add($"PUB {subject} {size}\r\n");
        Numbered.Write(_bytes.GetSpan(size)[..size], publisher, number);
        _bytes.Advance(size);
        return Add("\r\n");
    }

    public void Clear() => _bytes.ResetWrittenCount();
}
