using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Causeway.Core.Clients;

namespace Causeway.Benchmarks;

/// <summary>
/// A message's way from received bytes to sent blocks, without the kernel. The allocation column must show nothing: no message may
/// allocate in steady state.
/// </summary>
[MemoryDiagnoser]
public class DeliveryBenchmarks
{
    private const int Messages = 500;
    private const int InboxVariants = 64;

    private readonly BusInMemory _bus = new();
    private ClientSession? _publisher;
    private byte[] _nobody = [];
    private byte[] _literal = [];
    private byte[] _pattern = [];
    private byte[] _queue = [];
    private byte[] _headers = [];
    private byte[][] _inboxes = [];
    private byte[] _fanout = [];
    private int _nextInbox;

    [Params(16, 128)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _publisher = _bus.Connect("");
        _bus.Connect("SUB bench.literal 1\r\n");
        _bus.Connect("SUB bench.pattern.* 1\r\n");
        _bus.Connect("SUB bench.queue workers 1\r\n");
        _bus.Connect("SUB bench.queue workers 1\r\n");
        _bus.Connect("SUB _INBOX.abcdefghijklmnop.* 1\r\n");
        _bus.Connect("SUB bench.headers 1\r\n");
        for (int i = 0; i < 100; i++)
        {
            _bus.Connect("SUB bench.fanout 1\r\n");
        }

        string payload = new('x', PayloadBytes);
        _nobody = Repeat(Messages, _ => $"PUB bench.nobody {PayloadBytes}\r\n{payload}\r\n");
        _literal = Repeat(Messages, _ => $"PUB bench.literal {PayloadBytes}\r\n{payload}\r\n");
        _pattern = Repeat(Messages, _ => $"PUB bench.pattern.one {PayloadBytes}\r\n{payload}\r\n");
        _queue = Repeat(Messages, _ => $"PUB bench.queue {PayloadBytes}\r\n{payload}\r\n");
        _headers = Repeat(Messages, _ => $"HPUB bench.headers 21 {PayloadBytes + 21}\r\nNATS/1.0\r\nA: 1234\r\n\r\n{payload}\r\n");
        _fanout = Repeat(Messages / 100, _ => $"PUB bench.fanout {PayloadBytes}\r\n{payload}\r\n");
        _inboxes = [.. Enumerable.Range(0, InboxVariants).Select(variant => Repeat(
            Messages, i => $"PUB _INBOX.abcdefghijklmnop.r{(variant * Messages) + i:000000} {PayloadBytes}\r\n{payload}\r\n"))];
    }

    /// <summary>Published, heard by nobody.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Nobody() => _bus.Receive(_publisher!, _nobody);

    /// <summary>Heard by one literal subscription.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Literal() => _bus.Receive(_publisher!, _literal);

    /// <summary>Heard by one subscription with a wildcard.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Pattern() => _bus.Receive(_publisher!, _pattern);

    /// <summary>Heard by one of two queue members.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Queue() => _bus.Receive(_publisher!, _queue);

    /// <summary>With headers.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Headers() => _bus.Receive(_publisher!, _headers);

    /// <summary>Replies, each to a subject that was never seen before or long ago.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Inbox() => _bus.Receive(_publisher!, _inboxes[_nextInbox++ % InboxVariants]);

    /// <summary>Heard by 100 clients; per delivery.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void Fanout() => _bus.Receive(_publisher!, _fanout);

    private static byte[] Repeat(int count, Func<int, FormattableString> message) => Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, count).Select(i => message(i).ToString(CultureInfo.InvariantCulture))));
}
