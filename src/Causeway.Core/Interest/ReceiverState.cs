namespace Causeway.Core.Interest;

/// <summary>
/// What a receiver knows when a connection begins, from which the sender goes on: the version of <see cref="Epoch"/> that it has in
/// full, if any, and how far a round had come.
/// </summary>
internal record struct ReceiverState
{
    public ulong Epoch { get; set; }

    /// <summary>True if all of <see cref="Version"/> is known.</summary>
    public bool HasVersion { get; set; }

    public ulong Version { get; set; }

    public bool InRound { get; set; }

    public RoundMode Mode { get; set; }

    /// <summary>The version that the round leads to.</summary>
    public ulong Target { get; set; }

    /// <summary>Up to where the round was applied.</summary>
    public ulong Position { get; set; }

    public long Literals { get; set; }

    public long Texts { get; set; }

    public readonly bool IsFullRound => (Mode & RoundMode.Full) != 0;

    public readonly int Write(Span<byte> destination)
    {
        WireWriter writer = new(destination);
        writer.Byte(InterestWire.Version);
        writer.Byte((byte)((HasVersion ? 1 : 0) | (InRound ? 2 : 0) | ((int)Mode << 2)));
        writer.Fixed(Epoch);
        writer.Number(Version);
        writer.Number(Target);
        writer.Position(Position);
        writer.Number((ulong)Literals);
        writer.Number((ulong)Texts);
        return writer.IsFull ? throw new ArgumentException($"a state needs room for {InterestWire.MaxReplyBytes} bytes", nameof(destination)) : writer.Length;
    }

    /// <summary>Reads what <see cref="Write"/> wrote, or returns what is wrong with it.</summary>
    public static string? Read(ReadOnlySpan<byte> source, out ReceiverState state)
    {
        WireReader reader = new(source);
        state = default;
        byte version = reader.Byte();
        if (version != InterestWire.Version)
        {
            return $"interest sync version {version}; accepted is {InterestWire.Version}";
        }

        byte flags = reader.Byte();
        state = new ReceiverState
        {
            HasVersion = (flags & 1) != 0,
            InRound = (flags & 2) != 0,
            Mode = (RoundMode)(flags >> 2),
            Epoch = reader.Fixed(),
            Version = reader.Number(),
            Target = reader.Number(),
            Position = reader.Position(),
            Literals = (long)(reader.Number() & long.MaxValue),
            Texts = (long)(reader.Number() & long.MaxValue),
        };
        return reader.IsDone && state.Mode <= RoundMode.All ? null : $"interest state of {source.Length} bytes is malformed";
    }
}
