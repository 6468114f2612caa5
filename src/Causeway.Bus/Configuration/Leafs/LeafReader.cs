using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Causeway.Bus.Configuration.Access;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Leafs;
using Causeway.Core.Access;
using Causeway.Core.Routing;

namespace Causeway.Bus.Configuration.Leafs;

/// <summary>Reads the block <c>leafnodes</c> of nats-server: where leafs connect, who may, and the hubs that the deployment is a leaf of.</summary>
public static class LeafReader
{
    /// <summary>The key of the block.</summary>
    public const string Key = "leafnodes";

    private const int DefaultPort = 7422;

    /// <summary>Reads the block, if <paramref name="configuration"/> has one; null if not.</summary>
    /// <exception cref="ConfigurationException">Something in it is not right.</exception>
    public static LeafOptions? Read(ConfigurationBlock configuration)
    {
        ConfigurationFaults faults = new();
        LeafOptions? options = Read(configuration, faults);
        faults.ThrowFirst();
        return options;
    }

    /// <summary>Reads the block, if <paramref name="configuration"/> has one; null if not. What is not right in it is added to <paramref name="faults"/>.</summary>
    /// <exception cref="ConfigurationException">It can't be read at all.</exception>
    public static LeafOptions? Read(ConfigurationBlock configuration, ConfigurationFaults faults)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        LeafOptions? options = null;
        foreach (ConfigurationEntry entry in configuration.Entries)
        {
            if (entry.Key.Equals(Key, StringComparison.OrdinalIgnoreCase) || entry.Key.Equals("leaf", StringComparison.OrdinalIgnoreCase))
            {
                options = ReadBlock(entry.AsBlock(), faults);
            }
        }

        return options;
    }

    /// <summary>
    /// A hub given as a URL, with user and password in it perhaps. Throws <see cref="FormatException"/> with the end of a sentence that begins
    /// with the URL, and which does not show it.
    /// </summary>
    public static LeafRemoteOptions RemoteOf(string url, string tenant) => RemoteBlock.Of([url], tenant);

    private static LeafOptions ReadBlock(ConfigurationBlock block, ConfigurationFaults faults)
    {
        LeafOptions options = new();
        string host = "0.0.0.0";
        string? address = null;
        ConfigurationPlace place = block.Place;
        faults.TryEach(block, entry =>
        {
            switch (entry.Key.ToLowerInvariant())
            {
                case "listen":
                    address = entry.AsText();
                    place = entry.Place;
                    break;
                case "host" or "net":
                    host = entry.AsText();
                    address ??= DefaultPort.ToString(CultureInfo.InvariantCulture);
                    break;
                case "port":
                    address = Math.Max(0, entry.AsInteger(-1, ushort.MaxValue)).ToString(CultureInfo.InvariantCulture);
                    break;
                case "advertise":
                    options = options with { Advertise = entry.AsText() };
                    break;
                case "authorization":
                    options = options with { Access = ReadAccess(entry, faults) };
                    break;
                case "tls":
                    options = options with { Tls = ReadTls(entry, accepts: true).Tls };
                    break;
                case "reconnect":
                    TimeSpan pause = entry.AsTime(DurationText.Read);
                    options = options with { Limits = options.Limits with { RedialPause = pause, MaxRedialPause = pause > options.Limits.MaxRedialPause ? pause : options.Limits.MaxRedialPause } };
                    break;
                case "max_subscriptions" or "max_subs":
                    options = options with { Limits = options.Limits with { MaxSubscriptions = (int)entry.AsInteger(1, int.MaxValue) } };
                    break;
                case "max_pending":
                    long pending = entry.AsInteger(64 * 1024, 1L << 40);
                    options = options with { Limits = options.Limits with { MaxPendingBytes = pending, MaxBulkPendingBytes = pending / 4 * 3 } };
                    break;
                case "remotes":
                    List<LeafRemoteOptions> remotes = [];
                    entry.AsList().Items.ToList().ForEach(item => faults.Try(() => remotes.Add(RemoteBlock.Read(item))));
                    options = options with { Remotes = remotes };
                    break;
                default:
                    throw entry.Unknown("listen", "host", "port", "advertise", "authorization", "tls", "reconnect", "max_subscriptions", "max_pending", "remotes");
            }
        });

        return address is null ? options : options with { Listen = ReadAddress(place, address, host) };
    }

    private static IPEndPoint ReadAddress(ConfigurationPlace place, string text, string host)
    {
        string whole = ushort.TryParse(text, out _) ? $"{host}:{text}" : text.StartsWith(':') ? host + text : text;
        whole = whole.Replace("*:", "0.0.0.0:", StringComparison.Ordinal).Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
        return IPEndPoint.TryParse(whole, out IPEndPoint? address) && whole.Contains(':', StringComparison.Ordinal)
            ? address
            : throw new ConfigurationException(place, "'listen' or 'host' is no address for leaf nodes; accepted is host:port with an IP address, or a port");
    }

    /// <summary>A user and password, or users, each of one account; with <c>account</c> the one of all who have none of their own.</summary>
    private static AccessSettings ReadAccess(ConfigurationEntry entry, ConfigurationFaults faults)
    {
        string user = "";
        string password = "";
        string tenant = Tenant.DefaultName;
        ConfigurationEntry? users = null;
        TimeSpan timeout = new AccessSettings().Timeout;
        bool isWhole = faults.TryEach(entry.AsBlock(), part =>
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "user" or "username":
                    user = part.AsText();
                    break;
                case "pass" or "password":
                    password = part.AsText();
                    break;
                case "account":
                    tenant = part.AsText();
                    break;
                case "users":
                    users = part;
                    break;
                case "timeout":
                    timeout = part.AsTime(DurationText.Read);
                    break;
                default:
                    throw part.Unknown("user", "password", "account", "users", "timeout");
            }
        });
        if (!isWhole)
        {
            return new AccessSettings();
        }

        if ((users is null) == (user.Length == 0) || (user.Length > 0 && password.Length == 0))
        {
            throw new ConfigurationException(entry.Place, "'authorization' of leafnodes needs a user with a password, or users; accepted is {user: name, password: secret, account: name} or {users: [...]}");
        }

        List<User> all = users is null ? [new User { Name = user, Tenant = tenant, Secret = UserReader.SecretOf(password, isToken: false, entry.Place) }] : [];
        users?.AsList().Items.ToList().ForEach(item => faults.Try(() => all.Add(UserReader.ReadLeaf(item, tenant))));
        try
        {
            AccessSettings settings = new() { Users = [.. all.Where(each => each.Secret is not NkeySecret)], Nkeys = [.. all.Where(each => each.Secret is NkeySecret)], Timeout = timeout };
            _ = new AccessControl(settings);
            return settings;
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(entry.Place, fault.Message);
        }
    }

    /// <summary>The files of a <c>tls</c> block.</summary>
    internal static (LeafTls Tls, bool Requires) ReadTls(ConfigurationEntry entry, bool accepts)
    {
        string certificate = "";
        string key = "";
        string authority = "";
        bool verifies = false;
        foreach (ConfigurationEntry part in entry.AsBlock().Entries)
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "cert_file":
                    certificate = part.AsText();
                    break;
                case "key_file":
                    key = part.AsText();
                    break;
                case "ca_file":
                    authority = part.AsText();
                    break;
                case "verify":
                    verifies = part.AsSwitch();
                    break;
                case not null when part.Value.IsVariable:
                    break;
                default:
                    throw part.Unknown("cert_file", "key_file", "ca_file", "verify");
            }
        }

        if (certificate.Length == 0 != (key.Length == 0) || (accepts && certificate.Length == 0))
        {
            throw new ConfigurationException(entry.Place, "'tls' needs cert_file and key_file together; they may only both be left out of a remote");
        }

        try
        {
            return (LeafTls.Load(certificate, key, authority, verifies), true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException(entry.Place, $"'tls' of leafnodes ({string.Join(", ", new[] { certificate, key, authority }.Where(file => file.Length > 0))}): {fault.Message}");
        }
    }
}
