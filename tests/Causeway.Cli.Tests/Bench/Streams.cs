using System.Text;
using CsCheck;

namespace Causeway.Cli.Tests.Bench;

/// <summary>Server streams for the tests: pieces that are whole frames, and ways to cut their concatenation.</summary>
internal static class Streams
{
    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    public static byte[] Message(string subject, string payload) => Bytes($"MSG {subject} 1 {payload.Length}\r\n{payload}\r\n");

    /// <summary>Feeds a stream in parts that end at the given positions.</summary>
    public static void Feed(byte[] stream, IEnumerable<int> cuts, Action<byte[]> feed)
    {
        int from = 0;
        foreach (int to in cuts.Where(cut => cut < stream.Length).Order().Append(stream.Length))
        {
            feed(stream[from..to]);
            from = to;
        }
    }

    /// <summary>Any cuts of a stream up to that length, from one byte at a time to none.</summary>
    public static Gen<int[]> Cuts(int length) => Gen.OneOf(
        Gen.Int[0, length].Array[0, 20],
        Gen.Int[1, 9].Select(step => Enumerable.Range(0, (length / step) + 1).Select(i => i * step).ToArray()));
}
