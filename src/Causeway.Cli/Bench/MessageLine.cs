namespace Causeway.Cli.Bench;

/// <summary>The parts of a MSG line: <c>MSG subject sid [reply] size</c>.</summary>
internal readonly ref struct MessageLine
{
    public ReadOnlySpan<byte> Subject { get; private init; }

    /// <summary>Empty where the message asks for no reply.</summary>
    public ReadOnlySpan<byte> Reply { get; private init; }

    /// <summary>The size as it stands in the line.</summary>
    public ReadOnlySpan<byte> Size { get; private init; }

    public static MessageLine Parse(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line;
        _ = Token(ref rest);
        ReadOnlySpan<byte> subject = Token(ref rest);
        _ = Token(ref rest);
        ReadOnlySpan<byte> third = Token(ref rest);
        ReadOnlySpan<byte> fourth = Token(ref rest);
        return fourth.Length == 0
            ? new MessageLine { Subject = subject, Size = third }
            : new MessageLine { Subject = subject, Reply = third, Size = fourth };
    }

    private static ReadOnlySpan<byte> Token(scoped ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)' ');
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..];
        return token;
    }
}
