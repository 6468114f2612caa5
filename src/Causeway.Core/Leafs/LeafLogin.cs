namespace Causeway.Core.Leafs;

/// <summary>What a leaf proves itself to a hub with: a user and password, or a token. Never shown.</summary>
/// <param name="User">The user; empty for none.</param>
/// <param name="Password">The password; empty for none.</param>
/// <param name="Token">The token; empty for none.</param>
public sealed record LeafLogin(string User, string Password, string Token)
{
    /// <summary>Nothing at all.</summary>
    public static readonly LeafLogin None = new("", "", "");

    /// <inheritdoc/>
    public override string ToString() => User.Length > 0 ? User : Token.Length > 0 ? "token" : "nobody";
}
