using System.Buffers;

namespace Causeway.Client.Serialization;

/// <summary>See <see cref="MessageSerializers.Memory"/>.</summary>
internal sealed class MemorySerializer : IMessageSerializer<ReadOnlyMemory<byte>>
{
    public void Serialize(IBufferWriter<byte> target, ReadOnlyMemory<byte> value) => target.Write(value.Span);

    public ReadOnlyMemory<byte> Deserialize(ReadOnlyMemory<byte> data) => data;
}

/// <summary>See <see cref="MessageSerializers.Bytes"/>.</summary>
internal sealed class BytesSerializer : IMessageSerializer<byte[]>
{
    public void Serialize(IBufferWriter<byte> target, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        target.Write(value);
    }

    public byte[] Deserialize(ReadOnlyMemory<byte> data) => data.ToArray();
}
