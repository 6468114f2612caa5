using System.Text;
using System.Text.Json;
using Causeway.Bus.Monitoring;
using Causeway.Bus.SystemBus;
using CsCheck;
using Xunit;

namespace Causeway.Bus.Tests.SystemBus;

/// <summary>The body of a question, whatever it is.</summary>
public sealed class RequestOptionsTests
{
    [Fact]
    public void Any_bytes_are_options_or_an_error() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Bool).Sample((bytes, inJson) =>
    {
        byte[] body = inJson ? [.. "{\"sort\":\""u8, .. bytes, .. "\"}"u8] : bytes;
        try
        {
            _ = RequestOptions.Read(body).Query.Text("sort");
        }
        catch (JsonException)
        {
            // As it should be: the caller answers with it.
        }
    });

    [Fact]
    public void Names_of_nats_server_become_those_of_the_pages()
    {
        PageQuery query = Read("""{"subscriptions":true,"subscriptions_detail":true,"state":1,"account":"A","auth":true,"limit":5,"cid":7,"name":"west","else":{}}""").Query;

        Assert.Equal((SubscriptionListing.Detail, "closed", "A"), (query.Subscriptions(), query.Text("state"), query.Text("acc")));
        Assert.Equal((true, (0, 5), 7ul, "west"), (query.Boolean("auth"), query.Window(9), query.Unsigned("cid"), query.Text("gw_name")));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("""{"server_name":"e"}""", true)]
    [InlineData("""{"server_name":"e","exact_match":true}""", false)]
    [InlineData("""{"server_name":"e1","exact_match":true,"cluster":"east"}""", true)]
    [InlineData("""{"cluster":"west"}""", false)]
    [InlineData("""{"host":"10."}""", false)]
    public void Who_is_asked_is_told_by_a_part_or_the_whole(string body, bool isAsked) => Assert.Equal(isAsked, Read(body).Asks("e1", "127.0.0.1", "east"));

    private static RequestOptions Read(string body) => RequestOptions.Read(Encoding.UTF8.GetBytes(body));
}
