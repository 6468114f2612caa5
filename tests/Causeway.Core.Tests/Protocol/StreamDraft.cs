namespace Causeway.Core.Tests.Protocol;

/// <summary>A stream being written, of a bounded length: what does not fit is left out.</summary>
internal sealed class StreamDraft(int mostBytes)
{
    private readonly byte[] _bytes = new byte[mostBytes];

    public int Length { get; private set; }

    public void Clear() => Length = 0;

    public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

    public void Add(byte value)
    {
        if (Length < _bytes.Length)
        {
            _bytes[Length++] = value;
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Add(value);
        }
    }

    public void AddNumber(uint number)
    {
        Span<byte> digits = stackalloc byte[10];
        System.Buffers.Text.Utf8Formatter.TryFormat(number, digits, out int count);
        Add(digits[..count]);
    }

    public void Replace(int at, byte value) => _bytes[at] = value;

    public void Remove(int at)
    {
        _bytes.AsSpan(at + 1, Length - at - 1).CopyTo(_bytes.AsSpan(at));
        Length--;
    }

    public void Insert(int at, byte value)
    {
        if (Length < _bytes.Length)
        {
            _bytes.AsSpan(at, Length - at).CopyTo(_bytes.AsSpan(at + 1));
            _bytes[at] = value;
            Length++;
        }
    }

    public void CutAt(int at) => Length = at;
}
