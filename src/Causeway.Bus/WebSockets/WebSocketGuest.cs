using Causeway.Bus.Transport;
using Causeway.Core.Clients;

namespace Causeway.Bus.WebSockets;

/// <summary>What a client's connection has to know of the WebSocket beneath it, and tells it. Any thread.</summary>
/// <param name="channel">How it is secured; null if it is in clear.</param>
/// <param name="bytes">What it is to be booked with for what lies beneath, in bytes.</param>
internal sealed class WebSocketGuest(SecureChannel? channel, int bytes)
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientConnection? _connection;

    public SecureChannel? Channel => channel;

    public int Bytes => bytes;

    /// <summary>Why the connection ends; none as long as it does not.</summary>
    public CloseReason CloseReason => Volatile.Read(ref _connection)?.CloseReason ?? CloseReason.None;

    /// <summary>Ends once the connection is given up on the loop's side.</summary>
    public Task Gone => _gone.Task;

    /// <summary>It was taken in.</summary>
    public void OnTakenIn(ClientConnection connection) => Volatile.Write(ref _connection, connection);

    /// <summary>Ends the connection for what was wrong beneath it.</summary>
    public void Close(CloseReason reason) => Volatile.Read(ref _connection)?.Close(reason);

    /// <summary>The loop is done with it.</summary>
    public void OnGone() => _gone.TrySetResult();
}
