using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>Literal subjects of one length whose tokens are random letters and digits, the same sequence on every run.</summary>
internal sealed class RandomSubjects
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int Seed = 4222;

    private readonly Random _random = new(Seed);
    private readonly int[] _dots;
    private readonly char[] _subject;

    public RandomSubjects(int length, int tokens)
    {
        if (length < (2 * tokens) - 1)
        {
            throw new BenchException(ExitCode.Usage, $"--length {length} is too short for {tokens} tokens");
        }

        _subject = new char[length];
        _dots = [.. Enumerable.Range(1, tokens - 1).Select(i => i * length / tokens)];
    }

    /// <summary>The next subject, valid until the next call.</summary>
    public ReadOnlySpan<char> Next()
    {
        _random.GetItems(Alphabet, _subject);
        foreach (int dot in _dots)
        {
            _subject[dot] = '.';
        }

        return _subject;
    }
}
