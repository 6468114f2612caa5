using System.Buffers;

namespace Causeway.Client.Serialization;

/// <summary>Turns values into payloads and back. Implementations are safe for any number of threads.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IMessageSerializer<T>
{
    /// <summary>Writes a value as a payload.</summary>
    void Serialize(IBufferWriter<byte> target, T value);

    /// <summary>Reads a payload. What it throws on a payload that is none of its values reaches the reader within a <see cref="MessageFormatException"/>.</summary>
    T Deserialize(ReadOnlyMemory<byte> data);
}
