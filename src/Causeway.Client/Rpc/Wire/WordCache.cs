using System.Text;

namespace Causeway.Client.Rpc.Wire;

/// <summary>
/// The words that come in headers again and again (methods, servers, keys), so that they are not made into new strings for each message.
/// Bounded: each place holds the word that came last. For one thread.
/// </summary>
internal sealed class WordCache
{
    private const int Places = 64;
    private const int WordBytesMax = 64;

    private readonly string[] _words = new string[Places];

    public string Get(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty)
        {
            return string.Empty;
        }

        if (word.Length > WordBytesMax)
        {
            return Encoding.UTF8.GetString(word);
        }

        HashCode hash = default;
        hash.AddBytes(word);
        ref string place = ref _words[hash.ToHashCode() & (Places - 1)];
        return place is not null && Ascii.Equals(word, place) ? place : place = Encoding.UTF8.GetString(word);
    }
}
