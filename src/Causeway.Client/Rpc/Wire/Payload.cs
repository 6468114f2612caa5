using Causeway.Client.Serialization;

namespace Causeway.Client.Rpc.Wire;

/// <summary>Values as payloads of their own: they outlive the call that wrote them, since it may be sent again.</summary>
internal static class Payload
{
    public static byte[] Of<T>(IMessageSerializer<T> serializer, T value)
    {
        using PooledBuffer buffer = new();
        serializer.Serialize(buffer, value);
        return buffer.Written.ToArray();
    }
}
