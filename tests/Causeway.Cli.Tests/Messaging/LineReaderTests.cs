using System.Text;
using Causeway.Cli.Messaging;
using CsCheck;
using Xunit;

namespace Causeway.Cli.Tests.Messaging;

public sealed class LineReaderTests
{
    private static readonly Gen<string> Line = Gen.String[Gen.Char["ab\rü "], 0, 10].Where(line => !line.EndsWith('\r'));

    [Fact]
    public void Lines_are_read_however_the_stream_is_split() =>
        Gen.Select(Gen.Select(Line, Gen.OneOf("\n", "\r\n")).Array[0, 20], Line, Gen.Int[1, 7]).Sample((lines, last, size) =>
        {
            string text = string.Concat(lines.Select(line => line.Item1 + line.Item2)) + last;
            string[] expected = [.. lines.Select(line => line.Item1), .. last.Length == 0 ? Array.Empty<string>() : [last]];
            Assert.Equal(expected, ReadAll(Encoding.UTF8.GetBytes(text), size, 1000));
        });

    [Fact]
    public void Long_lines_are_read_up_to_the_bound()
    {
        string longest = new('x', 200_000);
        Assert.Equal(["a", longest, longest], ReadAll(Encoding.UTF8.GetBytes($"a\n{longest}\r\n{longest}"), 70_000, 200_000));

        InvalidDataException failure = Assert.Throws<InvalidDataException>(
            () => ReadAll(Encoding.UTF8.GetBytes($"a\n{longest}x\n"), 70_000, 200_000));
        Assert.Equal("line 2 is longer than 200000 bytes", failure.Message);
        Assert.Throws<InvalidDataException>(() => ReadAll(Encoding.UTF8.GetBytes($"{longest}x"), 70_000, 200_000));
    }

    private static List<string> ReadAll(byte[] bytes, int size, int lineBytesMax)
    {
        using Pieces stream = new(bytes, size);
        LineReader reader = new(stream, lineBytesMax);
        List<string> lines = [];
        while (reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult() is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        Assert.Equal(lines.Count, reader.Count);
        return lines;
    }

    /// <summary>Gives at most so many bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
