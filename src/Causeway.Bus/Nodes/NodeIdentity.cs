using System.Net;
using System.Reflection;
using Causeway.Core.Protocol;

namespace Causeway.Bus.Nodes;

/// <summary>What a node says of itself.</summary>
internal static class NodeIdentity
{
    /// <summary>
    /// The level of nats-server's core protocol that clients may rely on. Client libraries read features from this number, so it is
    /// that of the nats-server whose behaviour the conformance suite compares with.
    /// </summary>
    public const string ProtocolVersion = "2.9.10";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int IdLength = 56;

    /// <summary>Causeway's own version.</summary>
    public static string SoftwareVersion { get; } =
        typeof(NodeIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static ServerInfo Create(BusOptions options, IPEndPoint address)
    {
        string id = "N" + string.Concat(KernelRandom.Bytes(IdLength - 1).Select(random => Alphabet[random % Alphabet.Length]));
        (string host, int port) = ClientAddress(options, address);
        return new ServerInfo
        {
            ServerId = id,
            ServerName = options.Name.Length > 0 ? options.Name : id,
            Version = ProtocolVersion,
            Host = host,
            Port = port,
            MaxPayloadBytes = options.Limits.MaxPayloadBytes,
            TlsRequired = options.Tls is { AllowNonTls: false },
            TlsVerify = options.Tls is { WantsCertificate: true },
            TlsAvailable = options.Tls is { AllowNonTls: true },
        };
    }

    /// <summary>What clients of a node that listens on <paramref name="address"/> are told as its address.</summary>
    public static (string Host, int Port) ClientAddress(BusOptions options, IPEndPoint address)
    {
        if (options.ClientAdvertise.Length == 0)
        {
            return (address.Address.ToString(), address.Port);
        }

        int colon = options.ClientAdvertise.LastIndexOf(':');
        return (options.ClientAdvertise[..colon], int.Parse(options.ClientAdvertise[(colon + 1)..], null));
    }
}
