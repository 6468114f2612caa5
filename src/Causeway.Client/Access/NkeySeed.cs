using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Causeway.Client.Access;

/// <summary>
/// The secret half of a user's nkey: Ed25519, as text base32 of two prefix bytes, 32 bytes of seed and a CRC-16, beginning with SU
/// (github.com/nats-io/nkeys). Never shown.
/// </summary>
internal sealed class NkeySeed
{
    private const int SeedBytes = 32;
    private const int EncodedCharacters = 58;
    private const byte SeedPrefix = 18 << 3;
    private const byte UserPrefix = 20 << 3;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly Ed25519PrivateKeyParameters _key;

    private NkeySeed(ReadOnlySpan<byte> seed)
    {
        _key = new Ed25519PrivateKeyParameters(seed.ToArray());
        Span<byte> named = stackalloc byte[1 + SeedBytes + 2];
        named[0] = UserPrefix;
        _key.GeneratePublicKey().GetEncoded().CopyTo(named[1..]);
        int crc = Crc16(named[..^2]);
        named[^2] = (byte)crc;
        named[^1] = (byte)(crc >> 8);
        PublicKey = Encode(named);
    }

    /// <summary>The public half as text, beginning with U.</summary>
    public string PublicKey { get; }

    /// <summary>Reads a seed; null where the text is none of a user's.</summary>
    public static NkeySeed? Read(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[2 + SeedBytes + 2];
        if (text.Length != EncodedCharacters || !TryDecode(text, bytes))
        {
            return null;
        }

        // The kind of key begins in the low three bits of the first byte.
        int kind = ((bytes[0] & 0b111) << 5) | (bytes[1] >> 3);
        return (bytes[0] & 0b1111_1000) == SeedPrefix && kind == UserPrefix && Crc16(bytes[..^2]) == (bytes[^2] | (bytes[^1] << 8))
            ? new NkeySeed(bytes[2..^2])
            : null;
    }

    /// <summary>The signature of a server's nonce, as CONNECT has it.</summary>
    public string Sign(string nonce)
    {
        byte[] message = System.Text.Encoding.UTF8.GetBytes(nonce);
        Ed25519Signer signer = new();
        signer.Init(forSigning: true, _key);
        signer.BlockUpdate(message, 0, message.Length);
        return System.Buffers.Text.Base64Url.EncodeToString(signer.GenerateSignature());
    }

    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int at = 0;
        int bits = 0;
        int value = 0;
        foreach (char character in text)
        {
            int digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            value = ((value << 5) | digit) & 0xFFF;
            bits += 5;
            if (bits >= 8 && at < bytes.Length)
            {
                bits -= 8;
                bytes[at++] = (byte)(value >> bits);
            }
        }

        return at == bytes.Length;
    }

    /// <summary>Bytes in base32, without padding.</summary>
    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        System.Text.StringBuilder text = new();
        int bits = 0;
        int value = 0;
        foreach (byte one in bytes)
        {
            value = ((value << 8) | one) & 0xFFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(value >> bits) & 31]);
            }
        }

        return (bits > 0 ? text.Append(Alphabet[(value << (5 - bits)) & 31]) : text).ToString();
    }

    /// <summary>CRC-16/XMODEM.</summary>
    internal static int Crc16(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte value in bytes)
        {
            crc ^= value << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xFFFF;
            }
        }

        return crc;
    }
}
