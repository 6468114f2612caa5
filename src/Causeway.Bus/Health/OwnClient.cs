using System.Net;
using System.Net.Sockets;
using System.Text;
using Causeway.Bus.Nodes;
using Causeway.Core.Routing;

namespace Causeway.Bus.Health;

/// <summary>
/// A connection of the node to itself: it goes through the node's own listener, event loop and protocol as any client's does, so that
/// what it finds is what clients find. It holds one fixed buffer. Sending may be done by one at a time; what comes is told to the
/// handler on one thread at a time.
/// </summary>
internal sealed class OwnClient : IDisposable
{
    private readonly Socket _socket;
    private readonly OwnStream _stream = new();
    private readonly SemaphoreSlim _sending = new(1, 1);

    private OwnClient(Socket socket) => _socket = socket;

    /// <summary>True once it has ended, whoever ended it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>
    /// Connects in <paramref name="tenant"/>, subscribes to <paramref name="subjects"/> with the ids 1, 2, ... and returns once the
    /// node has taken note. Throws <see cref="IOException"/> with a reason if that does not come to pass within <paramref name="most"/>.
    /// </summary>
    public static async Task<OwnClient> ConnectAsync(
        BusNode node, Tenant tenant, string name, IReadOnlyList<string> subjects, Func<OwnFrame, OwnClient, Task> onFrame, TimeSpan most, TimeProvider time)
    {
        IPEndPoint to = Reachable(node.ClientAddress);
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        OwnClient client = new(socket);
        IPEndPoint? from = null;
        using CancellationTokenSource deadline = new(most, time);
        try
        {
            socket.Bind(new IPEndPoint(to.Address, 0));
            from = (IPEndPoint)socket.LocalEndPoint!;
            node.Reception.Expect(from, tenant);
            await socket.ConnectAsync(to, deadline.Token).ConfigureAwait(false);
            await client.GreetAsync(name, subjects, deadline.Token).ConfigureAwait(false);
            _ = client.ReadAsync(onFrame);
            return client;
        }
        catch (Exception fault) when (fault is SocketException or IOException or FormatException or OperationCanceledException or ObjectDisposedException)
        {
            client.Dispose();
            if (from is not null)
            {
                node.Reception.Forget(from);
            }

            throw new IOException(fault is OperationCanceledException ? $"connecting took longer than {most.TotalSeconds:0.###} s" : fault.Message, fault);
        }
    }

    /// <summary>
    /// Publishes. Throws <see cref="IOException"/> with a reason if the node does not take it within <paramref name="most"/>; the
    /// connection is over then, as part of the message may have left.
    /// </summary>
    public async Task PublishAsync(string subject, ReadOnlyMemory<byte> payload, TimeSpan most, TimeProvider time)
    {
        byte[] head = Encoding.UTF8.GetBytes($"PUB {subject} {payload.Length}\r\n");
        byte[] command = [.. head, .. payload.Span, .. "\r\n"u8];
        using CancellationTokenSource deadline = new(most, time);
        try
        {
            await SendAsync(command, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Dispose();
            throw new IOException(fault is OperationCanceledException ? $"the node took nothing for {most.TotalSeconds:0.###} s" : fault.Message, fault);
        }
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose()
    {
        IsOver = true;
        _socket.Dispose();
    }

    /// <summary>Where a client on this machine reaches a listener.</summary>
    private static IPEndPoint Reachable(IPEndPoint listener) =>
        listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, listener.Port) : listener;

    private async Task GreetAsync(string name, IReadOnlyList<string> subjects, CancellationToken cancellation)
    {
        OwnFrame info = await NextAsync(cancellation).ConfigureAwait(false);
        if (!info.Line.StartsWith("INFO ", StringComparison.Ordinal))
        {
            throw new IOException($"the node greeted with '{info.Line}'");
        }

        StringBuilder hello = new($$"""CONNECT {"verbose":false,"pedantic":false,"name":"{{name}}","lang":"causeway"}{{"\r\n"}}""");
        for (int i = 0; i < subjects.Count; i++)
        {
            hello.Append($"SUB {subjects[i]} {i + 1}\r\n");
        }

        await SendAsync(Encoding.UTF8.GetBytes(hello.Append("PING\r\n").ToString()), cancellation).ConfigureAwait(false);
        OwnFrame answer = default;
        while (answer.Line != "PONG")
        {
            answer = await NextAsync(cancellation).ConfigureAwait(false);
            if (answer.Line.StartsWith("-ERR", StringComparison.Ordinal))
            {
                throw new IOException($"the node said {answer.Line}");
            }
        }
    }

    private async Task ReadAsync(Func<OwnFrame, OwnClient, Task> onFrame)
    {
        try
        {
            while (true)
            {
                OwnFrame frame = await NextAsync(CancellationToken.None).ConfigureAwait(false);
                if (frame.Line == "PING")
                {
                    await SendAsync("PONG\r\n"u8.ToArray(), CancellationToken.None).ConfigureAwait(false);
                }
                else
                {
                    await onFrame(frame, this).ConfigureAwait(false);
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or IOException or FormatException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    private async Task<OwnFrame> NextAsync(CancellationToken cancellation)
    {
        OwnFrame frame;
        while (!_stream.TryRead(out frame))
        {
            int received = await _socket.ReceiveAsync(_stream.Room, SocketFlags.None, cancellation).ConfigureAwait(false);
            if (received == 0)
            {
                throw new IOException("the node closed the connection");
            }

            _stream.Received(received);
        }

        return frame;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellation).ConfigureAwait(false)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }
}
