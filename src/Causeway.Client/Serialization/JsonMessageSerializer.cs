using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Causeway.Client.Serialization;

/// <summary>JSON with generated code; see <see cref="MessageSerializers.Json"/>.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class JsonMessageSerializer<T> : IMessageSerializer<T>
{
    [ThreadStatic]
    private static Utf8JsonWriter? _idleWriter;

    private readonly JsonTypeInfo<T> _type;

    /// <summary>Creates a serializer by what the source generator made: <c>MyJsonContext.Default.MyType</c>.</summary>
    public JsonMessageSerializer(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        _type = type;
    }

    /// <inheritdoc/>
    public void Serialize(IBufferWriter<byte> target, T value)
    {
        Utf8JsonWriter? writer = _idleWriter;
        _idleWriter = null;
        if (writer is null)
        {
            writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = _type.Options.Encoder });
        }
        else
        {
            writer.Reset(target);
        }

        JsonSerializer.Serialize(writer, value, _type);
        writer.Flush();
        writer.Reset(Stream.Null);
        _idleWriter = writer;
    }

    /// <inheritdoc/>
    public T Deserialize(ReadOnlyMemory<byte> data) =>
        JsonSerializer.Deserialize(data.Span, _type) ?? throw new JsonException("the JSON is null");
}
