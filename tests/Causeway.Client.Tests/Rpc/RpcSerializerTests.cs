using System.Text.Json.Serialization;
using Causeway.Client.Rpc;
using Causeway.Client.Serialization;
using Causeway.Tests.Support.Servers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>Contracts in JSON, by the source generator, and in protobuf, by the generated classes.</summary>
public sealed partial class RpcSerializerTests(SharedServers servers) : RpcTest(servers)
{
    [Fact]
    public async Task Json_and_protobuf_are_each_a_line_in_a_contract()
    {
        RpcService service = new("formats");
        RpcMethod<Join, Joined> join = service.Method("join", MessageSerializers.Json(Formats.Default.Join), MessageSerializers.Json(Formats.Default.Joined));
        RpcMethod<Timestamp, StringValue> when = service.Method("when", Proto(Timestamp.Parser), Proto(StringValue.Parser));
        RpcServer server = await RpcServer.OpenAsync(await ConnectAsync(ServerKinds.Causeway), Patient, Cancelled);
        await server.ServeAsync(service, new RpcHandlers()
            .On(join, (request, _) => Task.FromResult(new Joined([request.Name, "ann"])))
            .On(when, (request, _) => Task.FromResult(new StringValue { Value = $"{request.Seconds}" })), Cancelled);
        BusClient bus = await ConnectAsync(ServerKinds.Causeway);
        RpcClient caller = await CallerAsync(bus);

        Assert.Equal(["bob", "ann"], (await caller.CallAsync(join, RpcTarget.Any, new Join("bob"), cancellationToken: Cancelled)).Names);
        Assert.Equal("17", (await caller.CallAsync(when, RpcTarget.Any, new Timestamp { Seconds = 17 }, cancellationToken: Cancelled)).Value);

        // What can't be read is told, on either side.
        RpcMethod<byte[], byte[]> raw = service.Method("join", MessageSerializers.Bytes, MessageSerializers.Bytes);
        RpcException request = await FailsAsync(RpcCode.Unreadable, caller.CallAsync(raw, RpcTarget.Any, "{"u8.ToArray(), cancellationToken: Cancelled));
        Assert.False(request.MayHaveRun);
        await FailsAsync(RpcCode.Unreadable, caller.CallAsync(raw, RpcTarget.Any, "null"u8.ToArray(), cancellationToken: Cancelled));
        RpcMethod<Join, StringValue> wrong = service.Method("join", MessageSerializers.Json(Formats.Default.Join), Proto(StringValue.Parser));
        RpcException reply = await FailsAsync(RpcCode.Unreadable, caller.CallAsync(wrong, RpcTarget.Any, new Join("bob"), cancellationToken: Cancelled));
        Assert.True(reply.MayHaveRun);
        await server.DisposeAsync();
    }

    private static IMessageSerializer<T> Proto<T>(MessageParser<T> parser)
        where T : IMessage<T> =>
        MessageSerializers.Of<T>((target, value) => value.WriteTo(target), data => parser.ParseFrom(data.Span));

    internal sealed record Join(string Name);

    internal sealed record Joined(string[] Names);

    [JsonSerializable(typeof(Join))]
    [JsonSerializable(typeof(Joined))]
    internal sealed partial class Formats : JsonSerializerContext;
}
