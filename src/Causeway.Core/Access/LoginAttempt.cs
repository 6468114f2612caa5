namespace Causeway.Core.Access;

/// <summary>
/// A proof that takes long, made on another thread than the client's. What the client sent is forgotten once it is made.
/// </summary>
public sealed class LoginAttempt
{
    private readonly Secret _secret;
    private readonly byte[] _nonce;
    private readonly Action _onProved;
    private Credentials? _credentials;
    private volatile bool _isDone;
    private volatile bool _isCancelled;

    /// <summary>Creates the attempt of a client at <paramref name="address"/> to be <paramref name="user"/>, null for one who is not known.</summary>
    public LoginAttempt(string address, User? user, Secret secret, Credentials credentials, byte[] nonce, Action onProved)
    {
        Address = address;
        User = user;
        _secret = secret;
        _credentials = credentials;
        _nonce = nonce;
        _onProved = onProved;
    }

    /// <summary>Where the client is.</summary>
    public string Address { get; }

    /// <summary>Whom it claims to be; null for one who is not known.</summary>
    public User? User { get; }

    /// <summary>True once the proof was made, well or not.</summary>
    public bool IsDone => _isDone;

    /// <summary>True if the client has proved itself. To be read once <see cref="IsDone"/>.</summary>
    public bool IsProved { get; private set; }

    /// <summary>True if nobody waits for it any more.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>Makes the proof and tells the client's thread. Returns whether it was proved.</summary>
    public bool Prove(ISecretVerifier verifier)
    {
        bool proved = _secret.IsProved(_credentials!, _nonce, verifier);
        _credentials = null;
        IsProved = proved && User is not null;
        _isDone = true;
        _onProved();
        return IsProved;
    }

    /// <summary>True if it had to make room for another and was never proved. To be read once <see cref="IsDone"/>.</summary>
    public bool IsDisplaced { get; private set; }

    /// <summary>Turns it away without a proof, and tells the client's thread.</summary>
    public void Displace()
    {
        _credentials = null;
        IsDisplaced = true;
        _isDone = true;
        _onProved();
    }

    /// <summary>Gives it up: the client is gone.</summary>
    public void Cancel() => _isCancelled = true;
}
