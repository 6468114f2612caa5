using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Causeway.Core.Links;

namespace Causeway.Core.Control;

/// <summary>
/// A message that only members of the deployment can have written: <c>version (1) | milliseconds since 1970 (8) | proof (32) | body</c>,
/// numbers big-endian. The proof is HMAC-SHA256 by the deployment's key over the subject, the time and the body, so that a client
/// of the bus can neither pretend to be a node, nor command one, nor send an old command again after <c>maxAge</c>.
/// </summary>
public static class SealedMessage
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderBytes = 1 + sizeof(long) + DeploymentKey.ProofBytes;

    private const byte Version = 1;

    /// <summary>Seals <paramref name="body"/> for <paramref name="subject"/> at <paramref name="now"/>.</summary>
    public static byte[] Seal(DeploymentKey key, string subject, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[HeaderBytes + body.Length];
        message[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(1), now.ToUnixTimeMilliseconds());
        body.CopyTo(message.AsSpan(HeaderBytes));
        key.Seal(Encoding.UTF8.GetBytes(subject), message.AsSpan(0, 1 + sizeof(long)), body).CopyTo(message.AsSpan(1 + sizeof(long)));
        return message;
    }

    /// <summary>
    /// True if <paramref name="message"/> was sealed with <paramref name="key"/> for <paramref name="subject"/>, at most
    /// <paramref name="maxAge"/> from <paramref name="now"/> either way; gives the body and when it was sealed.
    /// </summary>
    public static bool TryOpen(
        DeploymentKey key, string subject, DateTimeOffset now, TimeSpan maxAge, ReadOnlySpan<byte> message, out ReadOnlySpan<byte> body, out DateTimeOffset sealedAt)
    {
        body = default;
        sealedAt = default;
        if (message.Length < HeaderBytes || message[0] != Version)
        {
            return false;
        }

        long milliseconds = BinaryPrimitives.ReadInt64BigEndian(message[1..]);
        if (Math.Abs((double)milliseconds - now.ToUnixTimeMilliseconds()) > maxAge.TotalMilliseconds)
        {
            return false;
        }

        ReadOnlySpan<byte> sealedBody = message[HeaderBytes..];
        byte[] proof = key.Seal(Encoding.UTF8.GetBytes(subject), message[..(1 + sizeof(long))], sealedBody);
        if (!CryptographicOperations.FixedTimeEquals(proof, message.Slice(1 + sizeof(long), DeploymentKey.ProofBytes)))
        {
            return false;
        }

        body = sealedBody;
        sealedAt = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}
