using System.Buffers;
using System.Text.Json.Serialization.Metadata;

namespace Causeway.Client.Serialization;

/// <summary>The serializers that come with the client.</summary>
public static class MessageSerializers
{
    /// <summary>The payload itself: nothing is copied when it is received.</summary>
    public static IMessageSerializer<ReadOnlyMemory<byte>> Memory { get; } = new MemorySerializer();

    /// <summary>The payload as an array of its own.</summary>
    public static IMessageSerializer<byte[]> Bytes { get; } = new BytesSerializer();

    /// <summary>Text in UTF-8; bytes that are no UTF-8 are an error.</summary>
    public static IMessageSerializer<string> Utf8 { get; } = new Utf8Serializer();

    /// <summary>JSON by System.Text.Json, with the code that its source generator made for the type: no reflection, and fit for trimming.</summary>
    public static IMessageSerializer<T> Json<T>(JsonTypeInfo<T> type) => new JsonMessageSerializer<T>(type);

    /// <summary>
    /// Any other format, by two functions. For the classes of Google.Protobuf:
    /// <c>MessageSerializers.Of&lt;Join&gt;((target, value) => value.WriteTo(target), data => Join.Parser.ParseFrom(data.Span))</c>.
    /// </summary>
    public static IMessageSerializer<T> Of<T>(Action<IBufferWriter<byte>, T> write, Func<ReadOnlyMemory<byte>, T> read)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return new DelegateSerializer<T>(write, read);
    }
}
