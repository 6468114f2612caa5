using System.Globalization;
using System.Text;
using Causeway.Core.Interest;
using Causeway.Core.Regions;

namespace Causeway.Core.Leafs;

/// <summary>
/// What other nodes of the deployment say of a tenant's leafs, as interest that nobody can publish to: who has leafs, and so has to be
/// told literals in full; who could hold a remote, and who does. Any thread.
/// </summary>
public sealed class LeafMarks
{
    private const string Start = "_CW_.leaf.";
    private const int KindAt = 10;

    private readonly Lock _lock = new();
    private readonly HashSet<(InterestSource Source, string Subject)> _marks = [];
    private volatile bool _wantsText;

    /// <summary>True if some other node has leafs of the tenant.</summary>
    public bool WantsText => _wantsText;

    /// <summary>The subject by which <paramref name="node"/> says that it has leafs.</summary>
    public static byte[] Has(ulong node) => Subject('h', node, "-");

    /// <summary>The subject by which <paramref name="node"/> says that it could hold <paramref name="remote"/>.</summary>
    public static byte[] Could(ulong node, string remote) => Subject('c', node, remote);

    /// <summary>The subject by which <paramref name="node"/> says that it holds <paramref name="remote"/>.</summary>
    public static byte[] Holds(ulong node, string remote) => Subject('l', node, remote);

    /// <summary>The nodes, others than this one and within reach, that could hold <paramref name="remote"/>.</summary>
    public IReadOnlyList<ulong> WhoCould(string remote) => Nodes('c', remote);

    /// <summary>The nodes, others than this one and within reach, that hold <paramref name="remote"/>.</summary>
    public IReadOnlyList<ulong> WhoHolds(string remote) => Nodes('l', remote);

    /// <summary>Takes note of a text of <paramref name="source"/> that came or went; false if it is no mark.</summary>
    internal bool Take(InterestSource source, InterestText text, bool present)
    {
        if (!text.Subject.StartsWith("_CW_.leaf."u8))
        {
            return false;
        }

        string subject = Encoding.UTF8.GetString(text.Subject);
        lock (_lock)
        {
            _ = present ? _marks.Add((source, subject)) : _marks.Remove((source, subject));
            _wantsText = _marks.Any(mark => mark.Subject.Length > KindAt && mark.Subject[KindAt] == 'h');
        }

        return true;
    }

    private static byte[] Subject(char kind, ulong node, string remote) => Encoding.ASCII.GetBytes($"{Start}{kind}.{node:x16}.{Token(remote)}");

    /// <summary>A name of any characters as one token.</summary>
    private static string Token(string name) =>
        name == "-" ? name : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));

    private ulong[] Nodes(char kind, string remote)
    {
        string token = Token(remote);
        lock (_lock)
        {
            return [.. _marks.Where(mark => mark.Source.IsReachable).Select(mark => mark.Subject.Split('.'))
                .Where(parts => parts.Length == 5 && parts[2] == kind.ToString() && parts[4] == token)
                .Select(parts => ulong.TryParse(parts[3], NumberStyles.AllowHexSpecifier, null, out ulong node) ? node : 0)
                .Distinct()];
        }
    }
}
