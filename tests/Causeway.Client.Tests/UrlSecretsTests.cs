using Causeway.Client.Hosting;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Causeway.Client.Tests;

/// <summary>URLs as errors show them, above all those that were mistyped.</summary>
public sealed class UrlSecretsTests
{
    private const string Secret = "s3cr3t";

    [Theory]
    [InlineData("nats://bus:4222", "nats://bus:4222")]
    [InlineData("nats://bus:4222/", "nats://bus:4222/")]
    [InlineData("bus", "bus")]
    [InlineData("", "")]
    [InlineData("[::1]:4222", "[::1]:4222")]
    [InlineData("tls://[::1]", "tls://[::1]")]
    [InlineData("fe80::1", "fe80::1")]
    [InlineData("bus:70000", "bus:70000")]
    [InlineData("nats://ann:s3cr3t@bus:4222", "nats://***@bus:4222")]
    [InlineData("nats://s3cr3t@bus", "nats://***@bus")]
    [InlineData("nats://ann:s3@cr3t@bus", "nats://***@bus")]
    [InlineData("nats://ann:s3/cr3t@bus:4222", "nats://***")]
    [InlineData("nats:/ann:s3cr3t@bus", "***")]
    [InlineData("htp://c/x?user=me%40corp.com&token=s3cr3t", "htp://***")]
    [InlineData("htp://hooks/a@s3cr3t/b", "htp://***")]
    [InlineData("ann:s3cr3t@bus", "***@bus")]
    [InlineData("nats://ann:s3cr3t%40bus:4222", "nats://***@bus:4222")]
    [InlineData("nats://ann:s3cr3t", "nats://ann:***")]
    [InlineData("nats://ann:s3cr3t:bus:4222", "nats://ann:***")]
    [InlineData("nats://ann:s3cr3t bus:4222", "nats://ann:***")]
    [InlineData("[ann:s3cr3t]", "[ann:***")]
    [InlineData("nats://a:s3cr3t@one,nats://b:s3cr3t@two", "nats://***")]
    [InlineData("https://hooks.example/T0/s3cr3t", "https://hooks.example/***")]
    [InlineData("https://bus:1?token=s3cr3t", "https://bus:1?***")]
    [InlineData("https://bus:1#s3cr3t", "https://bus:1#***")]
    public void A_URL_is_shown_as_scheme_host_and_port(string url, string expected) => Assert.Equal(expected, UrlSecrets.Hide(url));

    [Fact]
    public void No_password_is_shown_however_the_URL_around_it_is_mistyped() =>
        Gen.Select(
            OneOf("nats://", "nats:/", "nats//", "nats:", "", "://", "http://", "NATS://", "na ts://", "redis://", "x-1+y.z://"),
            Gen.Char["ab19-_.~!$&'()*+;=:/?#[]@% \"\\,|<>\u00e4"].Array[0, 12].Select(chars => $"{Secret}{new string(chars)}{Secret}"),
            OneOf("bus", "127.0.0.1", "[::1]", "b us", "", "bus..x"),
            OneOf("", ":4222", ":", ":x", ":70000", ":4222/a", "?a=b", "/"),
            Gen.Int[0, 2])

            // What can't be told from a scheme, and, without a host, from one.
            .Where(parts => !parts.Item2.Contains("://", StringComparison.Ordinal) && (parts.Item5 < 2 || !parts.Item2.Contains('@', StringComparison.Ordinal)))
            .Sample((scheme, password, host, end, form) =>
            {
                string url = form == 0 ? $"{scheme}ann:{password}@{host}{end}" : form == 1 ? $"{scheme}{password}@{host}{end}" : $"{scheme}ann:{password}";
                Assert.DoesNotContain(Secret, UrlSecrets.Hide(url), StringComparison.Ordinal);
                Assert.True(!ServerAddress.TryParse(url, out _, out string? problem) || problem is null);
                Assert.DoesNotContain(Secret, problem ?? "", StringComparison.Ordinal);
            },
            iter: 20_000);

    [Theory]
    [InlineData("f.conf:3: 'nats://ann:s3cr3t@bus:4222' is wrong", "f.conf:3: 'nats://***@bus:4222' is wrong")]
    [InlineData("can't use ann:s3cr3t@bus here", "can't use ***@bus here")]
    [InlineData("from nats://s3cr3t@a, nats://b:s3cr3t@c", "from nats://***@a, nats://***@c")]
    [InlineData("/etc/causeway@1.conf:3: 'port' is wrong", "/etc/causeway@1.conf:3: 'port' is wrong")]
    [InlineData("nats://***@bus", "nats://***@bus")]
    [InlineData("accepted is nats://host:port, with user:password@ or token@ before the host", "accepted is nats://host:port, with user:password@ or token@ before the host")]
    [InlineData("nothing", "nothing")]
    public void A_line_loses_the_secrets_of_its_URLs_and_nothing_else(string line, string expected) => Assert.Equal(expected, UrlSecrets.HideIn(line));

    [Fact]
    public void Exceptions_of_the_client_tell_no_secret()
    {
        Exception[] told =
        [
            Assert.Throws<FormatException>(() => ServerAddress.Parse("http://ann:s3cr3t@bus")),
            Assert.Throws<FormatException>(() => ServerAddress.Parse("nats://ann:s3cr3t")),
            Assert.Throws<FormatException>(() => ServerAddress.Parse("nats://ann:s3cr3t@bus:x")),
            Assert.ThrowsAny<ArgumentException>(() => new ServerAddress("ann:s3cr3t@bus", 4222)),
            Assert.ThrowsAny<ArgumentException>(() => Configure("Servers", "nats://ann:s3,cr3t@bus")),
            Assert.ThrowsAny<ArgumentException>(() => Configure("Directors", "//ann:s3cr3t@bus")),
            Assert.ThrowsAny<ArgumentException>(() => Configure("Directors", "ftp://ann:s3cr3t@bus")),
        ];
        Assert.All(told, one => Assert.DoesNotContain("3cr3t", one.ToString(), StringComparison.Ordinal));
        Assert.All(told, one => Assert.DoesNotContain("ann:s3", one.ToString(), StringComparison.Ordinal));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static ClientHostingOptions Configure(string key, string value) =>
        ClientConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build());
}
