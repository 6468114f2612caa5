using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Leafs;
using Causeway.Core.Access;
using Causeway.Core.Leafs;
using Causeway.Core.Routing;

namespace Causeway.Bus.Configuration.Leafs;

/// <summary>Reads one of the <c>remotes</c> of <c>leafnodes</c>.</summary>
internal static class RemoteBlock
{
    private const string Accepted = "accepted is nats-leaf://host:port, tls://host:port or nats://host:port, with user:password@ or token@ before the host";
    private const int DefaultPort = 7422;

    public static LeafRemoteOptions Read(ConfigurationValue value)
    {
        if (value is not ConfigurationBlock block)
        {
            throw new ConfigurationException(value.Place, $"a remote is {value.Kind}; accepted is a block such as {{url: nats-leaf://host:7422, account: A}}");
        }

        IReadOnlyList<string> urls = [];
        ConfigurationEntry? named = null;
        string tenant = Tenant.DefaultName;
        (LeafTls Tls, bool Requires)? tls = null;
        IReadOnlyList<string> imports = [];
        IReadOnlyList<string> exports = [];
        foreach (ConfigurationEntry entry in block.Entries)
        {
            switch (entry.Key.ToLowerInvariant())
            {
                case "url" or "urls":
                    urls = entry.AsTexts();
                    named = entry;
                    break;
                case "account" or "local":
                    tenant = entry.AsText();
                    break;
                case "tls":
                    tls = LeafReader.ReadTls(entry, accepts: false);
                    break;
                case "deny_imports" or "deny_import":
                    imports = entry.AsTexts();
                    break;
                case "deny_exports" or "deny_export":
                    exports = entry.AsTexts();
                    break;
                case not null when entry.Value.IsVariable:
                    break;
                default:
                    throw entry.Unknown("url", "urls", "account", "tls", "deny_imports", "deny_exports");
            }
        }

        try
        {
            LeafRemoteOptions options = Of(urls, tenant);
            Permissions permissions = new()
            {
                PublishDeny = imports.Count > 0 ? new SubjectSet(imports) : null,
                SubscribeDeny = exports.Count > 0 ? [.. exports.Select(export => new SubscribeRule(export))] : null,
            };
            return options with
            {
                Remote = options.Remote with { Permissions = permissions, DeniedImports = imports },
                Tls = tls?.Tls ?? options.Tls,
                RequiresTls = tls is not null || options.RequiresTls,
            };
        }
        catch (FormatException fault)
        {
            throw new ConfigurationException(named?.Place ?? block.Place, $"{(named is null ? "a remote" : $"'{named.Key}'")}{fault.Message}");
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(block.Place, fault.Message);
        }
    }

    /// <summary>A remote of addresses that have one login together.</summary>
    public static LeafRemoteOptions Of(IReadOnlyList<string> urls, string tenant)
    {
        List<string> addresses = [];
        LeafLogin login = LeafLogin.None;
        bool tls = false;
        foreach ((int index, string url) in urls.Index())
        {
            string whole = url.Contains("://", StringComparison.Ordinal) ? url : $"nats-leaf://{url}";
            if (!Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.PathAndQuery is not ("" or "/") || uri.Scheme is not ("nats-leaf" or "nats" or "tls"))
            {
                throw new FormatException($"{(urls.Count == 1 ? "" : $": address {index + 1}")} is no address of a hub; {Accepted}");
            }

            addresses.Add($"{uri.Host}:{(uri.Port > 0 ? uri.Port : DefaultPort)}");
            tls |= uri.Scheme == "tls";
            string[] parts = [.. uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];
            login = uri.UserInfo.Length == 0 ? login : parts.Length == 2 ? new LeafLogin(parts[0], parts[1], "") : new LeafLogin("", "", parts[0]);
        }

        if (addresses.Count == 0)
        {
            throw new FormatException($" has no address; {Accepted}");
        }

        return new LeafRemoteOptions(
            new LeafRemote { Name = $"{addresses[0]}/{tenant}", Tenant = tenant, Addresses = addresses, Login = login }, null, tls);
    }
}
