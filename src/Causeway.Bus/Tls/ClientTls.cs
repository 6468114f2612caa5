using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Causeway.Core.Clients;

namespace Causeway.Bus.Tls;

/// <summary>TLS of a node's clients: the certificates that hold, and how many handshakes are under way. Any thread.</summary>
internal sealed class ClientTls(TlsOptions options, int maxHandshakes)
{
    /// <summary>What a secured connection is booked with for the state of TLS, in bytes: about what the process grows by for an idle one.</summary>
    public const int ConnectionBytes = 48 * 1024;

    private TlsCredentials _credentials = TlsCredentials.Load(options);
    private int _underWay;
    private long _done;
    private long _failed;
    private long _refused;

    /// <summary>What holds now.</summary>
    public TlsOptions Options => Volatile.Read(ref _credentials).Options;

    /// <summary>Handshakes that went well.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Handshakes that failed or took too long.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Handshakes that were not begun as too many were under way.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Handshakes under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>From now on handshakes are made with <paramref name="credentials"/>; connections that are secured go on.</summary>
    public void Use(TlsCredentials credentials) => Volatile.Write(ref _credentials, credentials);

    /// <summary>Takes a place among the handshakes; false, and counted, if there is none.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _underWay) <= maxHandshakes)
        {
            return true;
        }

        Interlocked.Decrement(ref _underWay);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Gives the place up that <see cref="TryBegin"/> took: there will be no handshake.</summary>
    public void GiveUp()
    {
        Interlocked.Decrement(ref _underWay);
        Interlocked.Increment(ref _failed);
    }

    /// <summary>
    /// Makes the handshake for which <see cref="TryBegin"/> took the place. One without a certificate that is needed has failed and goes on
    /// all the same, so that the client can be told why within it. Throws <see cref="AuthenticationException"/>, IOException or
    /// <see cref="OperationCanceledException"/> if it fails or takes too long.
    /// </summary>
    public async Task<SecureChannel> SecureAsync(SslStream stream)
    {
        TlsCredentials credentials = Volatile.Read(ref _credentials);
        bool done = false;
        bool lacksCertificate;
        string untrusted = "";
        try
        {
            using CancellationTokenSource timeout = new(credentials.Options.Timeout);
            await stream.AuthenticateAsServerAsync(credentials.ForHandshake(why => untrusted = why), timeout.Token).ConfigureAwait(false);
            lacksCertificate = credentials.Options.WantsCertificate && stream.RemoteCertificate is null;
            done = !lacksCertificate;
        }
        catch (AuthenticationException) when (untrusted.Length > 0)
        {
            throw new AuthenticationException($"the client's certificate is not trusted: {untrusted}");
        }
        finally
        {
            if (done)
            {
                Interlocked.Decrement(ref _underWay);
                Interlocked.Increment(ref _done);
            }
            else
            {
                GiveUp();
            }
        }

        IReadOnlyList<string> names = stream.RemoteCertificate is X509Certificate2 certificate ? CertificateNames.Of(certificate) : [];
        return new SecureChannel(stream.SslProtocol == SslProtocols.Tls13 ? "1.3" : "1.2", stream.NegotiatedCipherSuite.ToString(), names) { LacksCertificate = lacksCertificate };
    }
}
