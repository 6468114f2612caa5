using Causeway.Client.Access;
using CsCheck;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Xunit;

namespace Causeway.Client.Tests.Access;

public sealed class NkeySeedTests
{
    [Theory]
    [InlineData("SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY", "UCBNTJAI4VSUTOXNPA7PIREZUTMDIQ4BRQMYSGFUYAWSCNCAMHSSDG75")]
    public void A_seed_has_the_public_key_that_other_programs_find(string seed, string publicKey) => Assert.Equal(publicKey, NkeySeed.Read(seed)!.PublicKey);

    [Fact]
    public void Any_other_text_is_no_seed() =>
        Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abc=01 "].Array[56, 60].Sample(text => NkeySeed.Read($"SU{new string(text[2..])}") is null);

    [Fact]
    public void A_signature_proves_the_nonce_and_no_other()
    {
        NkeySeed seed = NkeySeed.Read("SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY")!;
        byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars(seed.Sign("nonce"));
        Assert.True(IsSigned("nonce", signature));
        Assert.False(IsSigned("nonces", signature));
    }

    private static bool IsSigned(string nonce, byte[] signature)
    {
        // The 32 bytes of the public key, as Python's base32 reads them.
        byte[] key = Convert.FromHexString("82d9a408e56549baed783ef44499a4d83443818c198918b4c02d21344061e521");
        byte[] message = System.Text.Encoding.UTF8.GetBytes(nonce);
        Ed25519Signer signer = new();
        signer.Init(forSigning: false, new Ed25519PublicKeyParameters(key));
        signer.BlockUpdate(message, 0, message.Length);
        return signer.VerifySignature(signature);
    }
}
