using Causeway.Core.Access;

namespace Causeway.Core.Tests.Support;

/// <summary>A <see cref="TestNode"/> whose slow logins wait until the test has them proved. The password of a hash is "good".</summary>
internal sealed class LoginNode : ILoginQueue, ISecretVerifier
{
    private readonly Queue<LoginAttempt> _waiting = new();

    public LoginNode(byte key = 1) => Node = new TestNode(logins: this, key: [key]);

    public TestNode Node { get; }

    public int Waiting => _waiting.Count;

    public bool TakesNoMore { get; set; }

    public void Set(AccessSettings settings) => Node.Context.SetAccess(new AccessControl(settings));

    /// <summary>These users may come, and nobody else.</summary>
    public void Allow(params User[] users) => Set(new AccessSettings { Users = users });

    public static User Named(string name, string password, Permissions? permissions = null, string tenant = "$G") =>
        new() { Name = name, Tenant = tenant, Secret = new PlainSecret(password), Permissions = permissions ?? Permissions.All };

    /// <summary>A client that has logged in.</summary>
    public TestClient Connect(string user, string password)
    {
        TestClient client = Node.Accept();
        client.Send($"CONNECT {{\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1,\"user\":\"{user}\",\"pass\":\"{password}\"}}\r\n");
        return client;
    }

    /// <summary>Proves all that waits.</summary>
    public void Prove()
    {
        // The transport of a test is called by the test itself.
        while (_waiting.TryDequeue(out LoginAttempt? attempt))
        {
            if (!attempt.IsCancelled)
            {
                attempt.Prove(this);
            }
        }
    }

    public bool TrySubmit(LoginAttempt attempt)
    {
        if (!TakesNoMore)
        {
            _waiting.Enqueue(attempt);
        }

        return !TakesNoMore;
    }

    public bool IsBcryptOf(string hash, string password) => password == "good";

    public bool IsSigned(byte[] publicKey, byte[] message, byte[] signature) => false;
}
