using BenchmarkDotNet.Attributes;
using Causeway.Cli.Bench;

namespace Causeway.Benchmarks;

/// <summary>What counting a received message costs the load generator; must be far below what it costs a server to deliver it.</summary>
[MemoryDiagnoser]
public class FrameCounterBenchmarks
{
    private const int Messages = 1000;
    private const int ReadBytes = 64 * 1024;

    private byte[] _stream = [];
    private FrameTemplate? _template;

    [Params(16, 128, 4096)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        byte[] payload = new byte[PayloadBytes];
        new Random(1).NextBytes(payload);
        _template = FrameTemplate.Message("bench", 1, payload);
        byte[] frame = [.. _template.Prefix(_template.FrameLength)];
        _stream = [.. Enumerable.Repeat(frame, Messages).SelectMany(bytes => bytes)];
    }

    /// <summary>Equal frames, compared with the template.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Messages)]
    public long Template() => Count(new FrameCounter(_template));

    /// <summary>Each frame's line parsed, its payload skipped.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public long Scan() => Count(new FrameCounter(template: null));

    private long Count(FrameCounter counter)
    {
        ReadOnlySpan<byte> rest = _stream;
        while (rest.Length > 0)
        {
            int part = Math.Min(rest.Length, ReadBytes);
            counter.Feed(rest[..part]);
            rest = rest[part..];
        }

        return counter.Messages;
    }
}
