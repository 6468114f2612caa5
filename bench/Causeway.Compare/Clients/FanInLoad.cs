using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using BusClient = Causeway.Compare.Regions.BusClient;

namespace Causeway.Compare.Clients;

/// <summary>
/// Publishes to a receiver over several connections, in blocks that were encoded beforehand, at most a window ahead of it. How long it waited for
/// the receiver's acknowledgements tells that it was not the limit.
/// </summary>
internal sealed class FanInLoad : IDisposable
{
    private const int Connections = 4;
    private const int BlockMessages = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LoadPlan _plan;
    private readonly BusClient[] _publishers;
    private readonly BusClient _acks;
    private readonly byte[] _block;
    private readonly SemaphoreSlim _arrived = new(0);
    private long _acknowledged;

    public FanInLoad(int port, LoadPlan plan)
    {
        _plan = plan;
        _block = [.. Enumerable.Repeat(Encode(plan.Payload()), BlockMessages).SelectMany(message => message)];
        _publishers = [.. Enumerable.Range(0, Connections).Select(_ => BusClient.Connect(port))];
        _acks = BusClient.Connect(port, OnAck);
        _acks.Send($"SUB {LoadPlan.Acks} 1\r\n");
        _acks.Flush();
    }

    /// <summary>Warms up, loads, and returns the part of the measured time that it waited for the receiver.</summary>
    public double Run()
    {
        PublishFor(_plan.WarmupSeconds);
        return PublishFor(_plan.Seconds);
    }

    public void Dispose()
    {
        Array.ForEach(_publishers, publisher => publisher.Dispose());
        _acks.Dispose();
        _arrived.Dispose();
    }

    private double PublishFor(double seconds)
    {
        long began = Stopwatch.GetTimestamp();
        long waited = 0;
        long count = 0;
        Volatile.Write(ref _acknowledged, 0);
        for (int turn = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            WaitForAcks(count + BlockMessages - LoadPlan.Window);
            waited += Stopwatch.GetTimestamp() - start;
            _publishers[turn % Connections].Send(_block);
            count += BlockMessages;
        }

        // The server has passed on what it has answered a ping behind: the mark is the last.
        Array.ForEach(_publishers, publisher => publisher.Flush());
        _publishers[0].Send(Encode(_plan.MarkOf(++count)));
        WaitForAcks(count);
        return waited / (double)(Stopwatch.GetTimestamp() - began);
    }

    private void WaitForAcks(long wanted)
    {
        while (Volatile.Read(ref _acknowledged) < wanted)
        {
            if (!_arrived.Wait(Patience))
            {
                throw new CompareException($"the receiver has got {Volatile.Read(ref _acknowledged)} messages where {wanted} are expected");
            }
        }
    }

    private void OnAck(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (Utf8Parser.TryParse(payload, out long count, out _))
        {
            Volatile.Write(ref _acknowledged, count);
            _arrived.Release();
        }
    }

    private static byte[] Encode(byte[] payload) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PUB {LoadPlan.Subject} {payload.Length}\r\n")), .. payload, .. "\r\n"u8];
}
