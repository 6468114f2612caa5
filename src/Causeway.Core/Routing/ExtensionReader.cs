namespace Causeway.Core.Routing;

/// <summary>Reads the extension of a frame; see <see cref="SendList"/>. What is malformed reads as its end.</summary>
public ref struct ExtensionReader(ReadOnlySpan<byte> extension)
{
    private ReadOnlySpan<byte> _rest = extension;

    /// <summary>How many names follow.</summary>
    public int Count() => Take(1) is [byte count] ? count : 0;

    /// <summary>The next name.</summary>
    public ReadOnlySpan<byte> Name() => Take(Count());

    /// <summary>Skips a count and as many names, and returns them as they are.</summary>
    public ReadOnlySpan<byte> Names()
    {
        ReadOnlySpan<byte> before = _rest;
        int count = Count();
        for (int i = 0; i < count; i++)
        {
            Name();
        }

        return before[..(before.Length - _rest.Length)];
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (_rest.Length < bytes)
        {
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
