using Causeway.Client.Serialization;

namespace Causeway.Client.Rpc;

/// <summary>A contract: a name and the methods under it, declared once and used by callers and servers. Immutable.</summary>
/// <example><code>
/// public static class Rooms
/// {
///     public static readonly RpcService Service = new("rooms");
///     public static readonly RpcMethod&lt;Join, Joined&gt; Join = Service.Method(
///         "join", MessageSerializers.Json(RoomsJson.Default.Join), MessageSerializers.Json(RoomsJson.Default.Joined));
/// }
/// </code></example>
public sealed class RpcService
{
    /// <summary>Creates a contract.</summary>
    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>; it is a token of the subjects.</param>
    /// <exception cref="ArgumentException">The name has another character, is empty or longer than 64 characters.</exception>
    public RpcService(string name) =>
        Name = Wire.RpcSubjects.TokenProblem(name) is { } problem ? throw new ArgumentException($"service name '{name}' {problem}", nameof(name)) : name;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Declares a method of one request and one reply.</summary>
    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <param name="request">How requests are written.</param>
    /// <param name="reply">How replies are written.</param>
    /// <param name="idempotent">Whether it does no harm to run it twice: only then is a call made again that may have begun.</param>
    public RpcMethod<TRequest, TReply> Method<TRequest, TReply>(
        string name, IMessageSerializer<TRequest> request, IMessageSerializer<TReply> reply, bool idempotent = false) =>
        new(this, Checked(name), request, reply, idempotent);

    /// <summary>Declares a method with a stream of values each way.</summary>
    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <param name="up">How the caller's values are written.</param>
    /// <param name="down">How the server's values are written.</param>
    public RpcStreamMethod<TUp, TDown> Stream<TUp, TDown>(string name, IMessageSerializer<TUp> up, IMessageSerializer<TDown> down) =>
        new(this, Checked(name), up, down);

    private static string Checked(string name) =>
        Wire.RpcSubjects.TokenProblem(name) is { } problem ? throw new ArgumentException($"method name '{name}' {problem}", nameof(name)) : name;
}
