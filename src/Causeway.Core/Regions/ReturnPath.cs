using System.Text;
using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>
/// The way back of a request that crossed a link: its reply subject gets the prefix <c>_CW_.region.node.</c>, by which the reply finds
/// the requester's node whether or not interest in its inbox is known anywhere. The node strips it again, so the requester never sees it.
/// </summary>
public sealed class ReturnPath
{
    /// <summary>Characters of a node's number in a subject.</summary>
    public const int NodeDigits = 16;

    /// <summary>Creates the way back to <paramref name="node"/>.</summary>
    public ReturnPath(NodeCard node) => Prefix = Encoding.UTF8.GetBytes($"_CW_.{node.Region}.{node.Id:x16}.");

    /// <summary>What reply subjects get in front.</summary>
    public byte[] Prefix { get; }

    private static ReadOnlySpan<byte> Marker => "_CW_."u8;

    /// <summary>True if <paramref name="subject"/> leads a reply back.</summary>
    public static bool IsOn(ReadOnlySpan<byte> subject) => subject.StartsWith(Marker);

    /// <summary>Takes a subject apart; false if it is none that a node made.</summary>
    public static bool TryRead(ReadOnlySpan<byte> subject, out ReadOnlySpan<byte> region, out ulong node, out ReadOnlySpan<byte> reply)
    {
        region = default;
        reply = default;
        node = 0;
        if (!IsOn(subject))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = subject[Marker.Length..];
        int dot = rest.IndexOf((byte)'.');
        if (dot <= 0 || rest.Length < dot + 1 + NodeDigits + 2 || rest[dot + 1 + NodeDigits] != (byte)'.'
            || !ulong.TryParse(rest.Slice(dot + 1, NodeDigits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out node))
        {
            return false;
        }

        region = rest[..dot];
        reply = rest[(dot + 2 + NodeDigits)..];
        return true;
    }

    /// <summary>What <paramref name="reply"/> gets in front before it crosses a link: nothing if it has a way back already, or is empty.</summary>
    public ReadOnlySpan<byte> PrefixFor(ReadOnlySpan<byte> reply) => reply.IsEmpty || IsOn(reply) ? default : Prefix;
}
