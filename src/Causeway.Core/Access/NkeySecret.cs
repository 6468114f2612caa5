namespace Causeway.Core.Access;

/// <summary>
/// An Ed25519 key of which the node knows the public half: the client signs the nonce that INFO gave it. The text form is NATS': base32
/// of a prefix byte, the key's 32 bytes and a CRC-16, beginning with U for a user.
/// </summary>
public sealed class NkeySecret : Secret
{
    private const int KeyBytes = 32;
    private const int EncodedCharacters = 56;
    private const int SignatureBytes = 64;
    private const byte UserPrefix = 20 << 3;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly byte[] _key;

    /// <summary>Reads a user's public key. Throws <see cref="ArgumentException"/> if it is none.</summary>
    public NkeySecret(string text)
    {
        byte[] bytes = new byte[1 + KeyBytes + 2];
        if (text.Length != EncodedCharacters || !TryDecode(text, bytes) || bytes[0] != UserPrefix
            || Crc16(bytes.AsSpan(0, 1 + KeyBytes)) != (bytes[^2] | (bytes[^1] << 8)))
        {
            // What does not begin with U may be a seed, which is secret.
            throw new ArgumentException($"{(text.StartsWith('U') ? $"'{text}'" : "the text")} is no public nkey of a user; accepted are {EncodedCharacters} characters that begin with U");
        }

        _key = bytes[1..(1 + KeyBytes)];
    }

    /// <inheritdoc/>
    public override bool IsSlow => true;

    /// <inheritdoc/>
    public override bool IsProved(Credentials credentials, byte[] nonce, ISecretVerifier? verifier)
    {
        byte[] signature = new byte[SignatureBytes];
        return verifier is not null && TryReadSignature(credentials.Signature, signature) && verifier.IsSigned(_key, nonce, signature);
    }

    /// <inheritdoc/>
    public override bool IsSame(Secret other) => other is NkeySecret nkey && nkey._key.AsSpan().SequenceEqual(_key);

    /// <summary>Base64 in both alphabets, with and without padding, as clients send it.</summary>
    private static bool TryReadSignature(string text, byte[] signature)
    {
        const int characters = 86;
        string plain = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        return plain.Length == characters && Convert.TryFromBase64String(plain + "==", signature, out int length) && length == SignatureBytes;
    }

    private static bool TryDecode(string text, Span<byte> bytes)
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
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(value >> bits);
            }
        }

        return at == bytes.Length;
    }

    /// <summary>CRC-16/XMODEM.</summary>
    private static int Crc16(ReadOnlySpan<byte> bytes)
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
