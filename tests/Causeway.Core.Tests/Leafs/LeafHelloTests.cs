using System.Text;
using Causeway.Core.Leafs;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Leafs;

/// <summary>INFO and CONNECT of the leaf-node protocol.</summary>
public sealed class LeafHelloTests
{
    private static readonly string[] Starts = ["{", "{\"client_id\":", "{\"leafnode_urls\":[", "[1", ""];

    [Fact]
    public void What_a_hub_says_of_itself_is_read_as_it_was_written()
    {
        LeafHello hello = new()
        {
            ServerId = "NABC",
            Name = "e1",
            Cluster = "c",
            Version = "2.9.10",
            Headers = true,
            MaxPayloadBytes = 1024,
            ClientId = 7,
            Nonce = "n",
            TlsRequired = true,
            AuthRequired = true,
            LeafUrls = ["127.0.0.1:7422"],
            IsConnectInfo = true,
            RemoteAccount = "A",
        };
        byte[] line = hello.ToInfo();
        Assert.StartsWith("INFO {", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
        LeafHello read = LeafHello.Read(line.AsSpan(5))!;
        Assert.Equal(hello.LeafUrls, read.LeafUrls);
        Assert.Equal(hello, read with { LeafUrls = hello.LeafUrls });
    }

    [Fact]
    public void A_leaf_names_what_proves_it_and_no_language_since_that_is_what_clients_do()
    {
        string line = Encoding.UTF8.GetString(new LeafHello { ServerId = "N", Name = "e1", Cluster = "N" }.ToConnect(new LeafLogin("u", "p", ""), ["secret.>"]));
        Assert.Equal("CONNECT {\"version\":\"\",\"server_id\":\"N\",\"name\":\"e1\",\"cluster\":\"N\",\"headers\":false,\"tls_required\":false,\"user\":\"u\",\"pass\":\"p\",\"deny_pub\":[\"secret.\\u003E\"]}\r\n", line);
        Assert.False(LeafHello.Read(Encoding.UTF8.GetBytes(line[8..]))!.IsClient);
        Assert.True(LeafHello.Read("{\"lang\":\"go\"}"u8)!.IsClient);
    }

    [Fact]
    public void Any_bytes_are_read_or_not_and_no_exception() =>
        Gen.Select(Gen.Int[0, Starts.Length - 1].Select(i => Starts[i]), Gen.Char[" \"{}[]:,0123abc\\"].Array[0, 30]).Sample(
            (start, rest) => { _ = LeafHello.Read(Encoding.UTF8.GetBytes(start + new string(rest))); }, iter: 20_000);
}
