using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Causeway.Client.Rpc.Wire;

/// <summary>The subjects of RPC. A server has one of its own and two for each of its services, whatever it serves in them.</summary>
internal static class RpcSubjects
{
    /// <summary>The queue group of <see cref="Any"/>.</summary>
    public const string QueueGroup = "rpc";

    private const int TokenLengthMax = 64;
    private const int ReplyBytesMax = 1024;
    private const int AddressLength = 14;
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create($"{Letters}-_");

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>What is for one server.</summary>
    public static string At(string address) => $"$RPC.at.{address}";

    /// <summary>What is for any one server of a service.</summary>
    public static string Any(string service) => $"$RPC.any.{service}";

    /// <summary>What is for all servers of a service.</summary>
    public static string All(string service) => $"$RPC.all.{service}";

    /// <summary>Where answers to a caller's attempt go.</summary>
    public static string Reply(string inbox, long number) => string.Concat(inbox, ".", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether a reply subject as received is none, or one to which can be published.</summary>
    public static bool MayBeRepliedTo(ReadOnlySpan<byte> subject)
    {
        if (subject.IsEmpty)
        {
            return true;
        }

        if (subject.Length > ReplyBytesMax || subject.ContainsAnyInRange((byte)0, (byte)' '))
        {
            return false;
        }

        foreach (Range token in subject.Split((byte)'.'))
        {
            if (subject[token] is [] or [(byte)'*'] or [(byte)'>'])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A name that nobody else has: 83 bits of chance.</summary>
    public static string NewName() => RandomNumberGenerator.GetString(Letters, AddressLength);

    /// <summary>Why a text can't be a token, as the end of a sentence that begins with it; null where it can.</summary>
    public static string? TokenProblem(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is 0 or > TokenLengthMax ? $"has {text.Length} characters, 1 to {TokenLengthMax} are accepted"
            : !text.AsSpan().ContainsAnyExcept(TokenCharacters) ? null
            : "has a character other than letters, digits, '-' and '_'";
    }
}
