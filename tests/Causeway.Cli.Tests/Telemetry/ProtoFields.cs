namespace Causeway.Cli.Tests.Telemetry;

/// <summary>Looks into protobuf messages without their definition, by the numbers of fields.</summary>
internal static class ProtoFields
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>The fields of bytes, texts or messages at the end of a path of field numbers, in all branches.</summary>
    /// <exception cref="FormatException">It is no protobuf.</exception>
    public static IEnumerable<byte[]> At(byte[] message, params int[] path) =>
        path.Length == 0 ? [message] : Of(message).Where(field => field.Number == path[0]).SelectMany(field => At(field.Value, path[1..]));

    private static List<(int Number, byte[] Value)> Of(byte[] message)
    {
        List<(int, byte[])> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Number(message, ref at);
            switch ((int)(tag & 7))
            {
                case Varint:
                    _ = Number(message, ref at);
                    break;
                case Fixed64:
                    at += 8;
                    break;
                case Bytes:
                    int length = checked((int)Number(message, ref at));
                    fields.Add(((int)(tag >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                case Fixed32:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7}");
            }
        }

        return at == message.Length ? fields : throw new FormatException("a field reaches beyond the message");
    }

    private static ulong Number(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number has no end");
    }
}
