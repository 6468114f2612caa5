using System.Text;
using Causeway.Core.Access;
using Xunit;

namespace Causeway.Core.Tests.Access;

/// <summary>What clients prove themselves with, and what the node keeps of it.</summary>
public sealed class SecretTests
{
    private const string Key = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
    private const string Hash = "$2a$04$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC";

    [Theory]
    [InlineData("""{"pass":"s3cret"}""", true)]
    [InlineData("""{"pass":"s3cre"}""", false)]
    [InlineData("""{"pass":"S3cret"}""", false)]
    [InlineData("""{"auth_token":"s3cret"}""", false)]
    [InlineData("{}", false)]
    public void A_plain_password_is_proved_by_itself(string json, bool proved) =>
        Assert.Equal(proved, new PlainSecret("s3cret").IsProved(Read(json), [], null));

    [Theory]
    [InlineData("$2a$04$short")]
    [InlineData("$2a$31$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC")]
    [InlineData("$2a$17$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC")]
    [InlineData("$2a$xx$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC")]
    public void A_hash_that_would_take_minutes_is_refused(string hash)
    {
        Assert.True(BcryptSecret.Is(hash));
        Assert.DoesNotContain("Q/9I", Assert.Throws<ArgumentException>(() => new BcryptSecret(hash)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_says_its_cost() => Assert.Equal(4, new BcryptSecret(Hash).Cost);

    [Theory]
    [InlineData("UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF5")]
    [InlineData("ADXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4")]
    [InlineData("UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF")]
    [InlineData("uDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4")]
    [InlineData("")]
    public void Only_a_whole_public_key_of_a_user_is_taken(string text) => Assert.Throws<ArgumentException>(() => new NkeySecret(text));

    [Fact]
    public void A_signature_is_given_to_the_verifier_in_both_alphabets()
    {
        Verifier verifier = new();
        byte[] signature = [.. Enumerable.Range(0, 64).Select(i => (byte)(255 - i))];
        string standard = Convert.ToBase64String(signature);
        string url = standard.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        NkeySecret secret = new(Key);
        foreach (string text in (string[])[standard, url])
        {
            Assert.True(secret.IsProved(Read($$"""{"nkey":"{{Key}}","sig":"{{text}}"}"""), "nonce"u8.ToArray(), verifier));
            Assert.Equal(signature, verifier.Signature);
            Assert.Equal(32, verifier.Key.Length);
        }

        Assert.False(secret.IsProved(Read($$"""{"nkey":"{{Key}}","sig":"{{standard[..40]}}"}"""), [], verifier));
        Assert.False(secret.IsProved(Read($$"""{"nkey":"{{Key}}","sig":"????"}"""), [], verifier));
        Assert.False(secret.IsProved(Read("{}"), [], verifier));
    }

    [Fact]
    public void A_changed_secret_is_not_the_same()
    {
        Assert.True(new PlainSecret("a").IsSame(new PlainSecret("a")));
        Assert.False(new PlainSecret("a").IsSame(new PlainSecret("b")));
        Assert.False(new PlainSecret("a").IsSame(new PlainSecret("a", isToken: true)));
        Assert.False(new PlainSecret("a").IsSame(new BcryptSecret(Hash)));
        Assert.True(new BcryptSecret(Hash).IsSame(new BcryptSecret(Hash)));
        Assert.True(new NkeySecret(Key).IsSame(new NkeySecret(Key)));
    }

    [Fact]
    public void No_part_of_what_is_secret_is_in_any_text()
    {
        Credentials credentials = Read("""{"user":"u","pass":"hunter2","auth_token":"hunter2","sig":"hunter2"}""");
        User user = new() { Name = "u", Tenant = "A", Secret = new PlainSecret("hunter2") };
        foreach (object value in (object[])[credentials, user, user.Secret, new AccessSettings { Users = [user], TokenUser = user }, new BcryptSecret(Hash)])
        {
            Assert.DoesNotContain("hunter2", value.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Hash, value.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"user":5}""")]
    [InlineData("""{"pass":{}}""")]
    [InlineData("""{"sig":[1]}""")]
    public void Credentials_of_the_wrong_kind_are_none(string json) => Assert.Null(Credentials.Read(Encoding.UTF8.GetBytes(json)));

    private static Credentials Read(string json) => Credentials.Read(Encoding.UTF8.GetBytes(json))!;

    private sealed class Verifier : ISecretVerifier
    {
        public byte[] Key { get; private set; } = [];

        public byte[] Signature { get; private set; } = [];

        public bool IsBcryptOf(string hash, string password) => false;

        public bool IsSigned(byte[] publicKey, byte[] message, byte[] signature)
        {
            (Key, Signature) = (publicKey, signature);
            return Encoding.ASCII.GetString(message) == "nonce";
        }
    }
}
