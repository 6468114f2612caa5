using System.Buffers;

namespace Causeway.Client.Serialization;

/// <summary>A serializer of two functions.</summary>
internal sealed class DelegateSerializer<T>(Action<IBufferWriter<byte>, T> write, Func<ReadOnlyMemory<byte>, T> read) : IMessageSerializer<T>
{
    public void Serialize(IBufferWriter<byte> target, T value) => write(target, value);

    public T Deserialize(ReadOnlyMemory<byte> data) => read(data);
}
