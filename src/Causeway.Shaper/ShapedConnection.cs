using System.Net;
using System.Net.Sockets;

namespace Causeway.Shaper;

/// <summary>A connection through the link: the accepted socket, the one to the target, and a pump for each direction.</summary>
internal sealed class ShapedConnection : IDisposable
{
    private readonly Socket _near;
    private readonly Socket _far;
    private readonly LinkDirection _forward;
    private readonly LinkDirection _backward;
    private readonly Lock _closing = new();
    private readonly CancellationTokenSource _stop = new();
    private Pump? _there;
    private Pump? _back;

    public ShapedConnection(Socket near, LinkDirection forward, LinkDirection backward)
    {
        _near = near;
        _forward = forward;
        _backward = backward;
        _far = new Socket(near.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Prepare(_near);
        Prepare(_far);
    }

    /// <summary>Whether its streams have holes.</summary>
    public bool Lost => _there is { Lost: true } || _back is { Lost: true };

    /// <summary>Runs until both sides have ended or it is reset.</summary>
    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            // What establishes a connection crosses the link both ways.
            await _forward.UntilPassingAsync(_stop.Token).ConfigureAwait(false);
            await _backward.UntilPassingAsync(_stop.Token).ConfigureAwait(false);
            await Pump.ArriveAsync(_forward.Take(0), _stop.Token).ConfigureAwait(false);
            await _far.ConnectAsync(target, _stop.Token).ConfigureAwait(false);
            _there = new Pump(_near, _far, _forward, _backward, Reset, _stop.Token);
            _back = new Pump(_far, _near, _backward, _forward, Reset, _stop.Token);
            await Task.WhenAll(_there.RunAsync(), _back.RunAsync()).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    /// <summary>Resets both sides, whatever is under way.</summary>
    public void Reset()
    {
        // The sockets first and at once: what their end wakes up disposes of the connection, in order and not by a reset.
        lock (_closing)
        {
            Abort(_near);
            Abort(_far);
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself in between.
        }
    }

    public void Dispose()
    {
        lock (_closing)
        {
            _near.Dispose();
            _far.Dispose();
        }

        _there?.Dispose();
        _back?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Closes a socket so that its peer gets a reset.</summary>
    internal static void Abort(Socket socket) => socket.Close(timeout: 0); // by Dispose, a socket in use would end in order

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.ReceiveBufferSize = ShaperLimits.SocketBufferBytes;
        socket.SendBufferSize = ShaperLimits.SocketBufferBytes;
    }
}
