using System.Net;
using System.Reflection;
using System.Security.Cryptography;
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
        string id = "N" + RandomNumberGenerator.GetString(Alphabet, IdLength - 1);
        (string host, int port) = (address.Address.ToString(), address.Port);
        if (options.ClientAdvertise.Length > 0)
        {
            int colon = options.ClientAdvertise.LastIndexOf(':');
            (host, port) = (options.ClientAdvertise[..colon], int.Parse(options.ClientAdvertise[(colon + 1)..], null));
        }

        return new ServerInfo
        {
            ServerId = id,
            ServerName = options.Name.Length > 0 ? options.Name : id,
            Version = ProtocolVersion,
            Host = host,
            Port = port,
            MaxPayloadBytes = options.Limits.MaxPayloadBytes,
        };
    }
}
