using System.Text.Json;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>The first line of every connection.</summary>
public class InfoTests(ServerPool servers) : ServerTests(servers)
{
    private static readonly ServerOptions Advertising = new() { ClientAdvertise = "bus.example.org:4223" };

    [Theory]
    [OnEveryServer("server_id", JsonValueKind.String)]
    [OnEveryServer("server_name", JsonValueKind.String)]
    [OnEveryServer("version", JsonValueKind.String)]
    [OnEveryServer("go", JsonValueKind.String)]
    [OnEveryServer("host", JsonValueKind.String)]
    [OnEveryServer("port", JsonValueKind.Number)]
    [OnEveryServer("proto", JsonValueKind.Number)]
    [OnEveryServer("headers", JsonValueKind.True)]
    [OnEveryServer("max_payload", JsonValueKind.Number)]
    [OnEveryServer("client_id", JsonValueKind.Number)]
    [OnEveryServer("client_ip", JsonValueKind.String)]
    public async Task Has_every_field_that_clients_read(ServerKind kind, string field, JsonValueKind type)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.True(connection.Info.TryGetProperty(field, out JsonElement value), $"INFO has no {field}.");
        Assert.Equal(type, value.ValueKind);
    }

    [Theory]
    [OnEveryServer]
    public async Task Tells_defaults_and_addresses(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind);
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(1, connection.Info.GetProperty("proto").GetInt32());
        Assert.Equal(1024 * 1024, connection.Info.GetProperty("max_payload").GetInt32());
        Assert.Equal("127.0.0.1", connection.Info.GetProperty("host").GetString());
        Assert.Equal(new Uri(server.Url).Port, connection.Info.GetProperty("port").GetInt32());
        Assert.Equal("127.0.0.1", connection.Info.GetProperty("client_ip").GetString());
        Assert.NotEmpty(connection.Info.GetProperty("server_id").GetString()!);
        Assert.NotEmpty(connection.Info.GetProperty("server_name").GetString()!);
    }

    [Theory]
    [OnEveryServer]
    public async Task Version_reads_as_a_semantic_version_with_headers(ServerKind kind)
    {
        await using RawConnection connection = await OpenAsync(kind);

        // Clients switch features on by it; nats.js throws on a version that it can't parse.
        Version version = Version.Parse(connection.Info.GetProperty("version").GetString()!);
        Assert.True(version >= new Version(2, 2, 0), $"{version} tells clients that there are no headers.");
    }

    [Theory]
    [OnEveryServer]
    public async Task Gives_each_connection_its_own_id(ServerKind kind)
    {
        await using RawConnection first = await OpenAsync(kind);
        await using RawConnection second = await OpenAsync(kind);

        long firstId = first.Info.GetProperty("client_id").GetInt64();
        long secondId = second.Info.GetProperty("client_id").GetInt64();
        Assert.True(firstId > 0 && secondId > firstId, $"Ids {firstId}, {secondId} do not rise.");
        Assert.Equal(
            first.Info.GetProperty("server_id").GetString(), second.Info.GetProperty("server_id").GetString());
    }

    [Theory]
    [OnEveryServer("jetstream")]
    [OnEveryServer("auth_required")]
    [OnEveryServer("tls_required")]
    [OnEveryServer("tls_verify")]
    [OnEveryServer("ldm")]
    public async Task Does_not_advertise_what_is_off(ServerKind kind, string feature)
    {
        await using RawConnection connection = await OpenAsync(kind);

        bool advertised = connection.Info.TryGetProperty(feature, out JsonElement value)
            && value.ValueKind != JsonValueKind.False;
        Assert.False(advertised, $"INFO advertises {feature}.");
    }

    [Theory]
    [OnEveryServer]
    public async Task Tells_the_configured_payload_limit(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind, new ServerOptions { MaxPayloadBytes = 2048 });
        await using RawConnection connection = await RawConnection.OpenAsync(server);

        Assert.Equal(2048, connection.Info.GetProperty("max_payload").GetInt32());
    }

    [Theory]
    [OnEveryServer]
    public async Task Tells_the_advertised_address_in_place_of_its_own(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind, Advertising);
        await using RawConnection connection = await RawConnection.OpenAsync(server);

        Assert.Equal("bus.example.org", connection.Info.GetProperty("host").GetString());
        Assert.Equal(4223, connection.Info.GetProperty("port").GetInt32());
    }

    [Theory]
    [OnEveryServer]
    public async Task Connect_urls_are_host_and_port_pairs_where_there_are_any(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind, Advertising);
        await using RawConnection connection = await RawConnection.OpenAsync(server);

        if (connection.Info.TryGetProperty("connect_urls", out JsonElement urls))
        {
            Assert.All(urls.EnumerateArray(), url => Assert.Matches("^[^:/]+:[0-9]+$", url.GetString()));
        }
    }
}
