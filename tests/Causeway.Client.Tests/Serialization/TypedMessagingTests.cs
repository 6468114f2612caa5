using System.Text.Json.Serialization;
using Causeway.Client.Serialization;
using Causeway.Client.Tests.Servers;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Serialization;

/// <summary>Values instead of bytes: JSON, text and raw bytes, and what happens with payloads that are none.</summary>
public sealed partial class TypedMessagingTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Values_travel_as_JSON_and_one_bad_payload_is_told_without_ending_the_subscription(string kind)
    {
        string subject = SharedServers.NewSubject();
        BusClient client = await ConnectAsync(kind);
        await using TypedSubscription<Order> orders = await client.SubscribeAsync(subject, OrderJson.Default.Order, cancellationToken: Cancelled);
        await client.PublishAsync(subject, new Order(1, "tea"), OrderJson.Default.Order, cancellationToken: Cancelled);
        await client.PublishAsync(subject, Bytes("{\"id\":"), cancellationToken: Cancelled);
        await client.PublishAsync(subject, Bytes("null"), cancellationToken: Cancelled);
        await client.PublishAsync(subject, new Order(2, "ä"), OrderJson.Default.Order, cancellationToken: Cancelled);

        List<TypedMessage<Order>> received = [];
        await foreach (TypedMessage<Order> message in orders.WithCancellation(Cancelled))
        {
            received.Add(message);
            if (received.Count == 4)
            {
                break;
            }
        }

        Assert.Equal(new Order(1, "tea"), received[0].Value);
        Assert.Equal("{\"Id\":1,\"Item\":\"tea\"}", Text(received[0].Message));
        Assert.Equal(new Order(2, "ä"), received[3].Value);
        foreach (TypedMessage<Order> bad in received[1..3])
        {
            Assert.False(bad.TryGetValue(out _));
            MessageFormatException fault = Assert.Throws<MessageFormatException>(() => bad.Value);
            Assert.StartsWith($"a message on '{subject}' is no Order: ", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Requests_and_replies_are_values_too(string kind)
    {
        string subject = SharedServers.NewSubject();
        BusClient client = await ConnectAsync(kind);
        await using TypedSubscription<Order> requests = await client.SubscribeAsync(subject, OrderJson.Default.Order, cancellationToken: Cancelled);
        Task responder = requests.ProcessAsync(
            (request, cancelled) => request.ReplyAsync($"{request.Value.Item} {request.Value.Id}", MessageSerializers.Utf8, cancellationToken: cancelled), Cancelled);

        string reply = await client.RequestAsync(
            subject, new Order(7, "tea"), MessageSerializers.Json(OrderJson.Default.Order), MessageSerializers.Utf8, timeout: Eventually.Deadline, cancellationToken: Cancelled);
        Assert.Equal("tea 7", reply);
        await Assert.ThrowsAsync<MessageFormatException>(() => client.RequestAsync(
            subject, new Order(7, "tea"), OrderJson.Default.Order, OrderJson.Default.Order, Eventually.Deadline, Cancelled));
        await requests.DrainAsync(Cancelled);
        await responder.InTimeAsync();
    }

    [Fact]
    public void Each_serializer_reads_what_it_wrote()
    {
        Gen.String.Where(text => !text.Any(char.IsSurrogate)).Sample(text => RoundTrip(MessageSerializers.Utf8, text) == text);
        Gen.Byte.Array.Sample(bytes => RoundTrip(MessageSerializers.Bytes, bytes).AsSpan().SequenceEqual(bytes));
        Gen.Byte.Array[0, 5000].Sample(bytes => RoundTrip(MessageSerializers.Memory, bytes).Span.SequenceEqual(bytes));
        Gen.Select(Gen.Int, Gen.String.Where(text => !text.Any(char.IsSurrogate))).Sample((id, item) =>
            RoundTrip(MessageSerializers.Json(OrderJson.Default.Order), new Order(id, item)) == new Order(id, item));
        Assert.Throws<System.Text.DecoderFallbackException>(() => MessageSerializers.Utf8.Deserialize(new byte[] { 0xFF }));
    }

    private static T RoundTrip<T>(IMessageSerializer<T> serializer, T value)
    {
        using PooledBuffer buffer = new();
        serializer.Serialize(buffer, value);
        return serializer.Deserialize(buffer.Written.ToArray());
    }

    internal sealed record Order(int Id, string Item);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderJson : JsonSerializerContext;
}
