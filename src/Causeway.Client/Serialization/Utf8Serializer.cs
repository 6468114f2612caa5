using System.Buffers;
using System.Text;

namespace Causeway.Client.Serialization;

/// <summary>See <see cref="MessageSerializers.Utf8"/>.</summary>
internal sealed class Utf8Serializer : IMessageSerializer<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Serialize(IBufferWriter<byte> target, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Strict.GetBytes(value, target);
    }

    public string Deserialize(ReadOnlyMemory<byte> data) => Strict.GetString(data.Span);
}
