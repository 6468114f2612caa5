using System.Text;
using Causeway.Bus.Nodes;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// Asks the tables that route messages what they would do with one, and puts into words what they answer. It changes nothing and looks
/// at each table as it is at that moment; a message a moment later may fare otherwise.
/// </summary>
internal sealed class Explainer(BusNode node, Tenant tenant, byte[] subject, MeshSnapshot? mesh)
{
    private readonly Route _route = new();
    private readonly Dictionary<InterestSource, List<Asked>> _asked = [];

    public Explanation Explain()
    {
        if (mesh is not null && ReturnPath.IsOn(subject))
        {
            return ExplainReply(mesh);
        }

        uint hash = tenant.Subscriptions.Hash.Of(subject);
        tenant.Subscriptions.Match(subject, hash, _route);
        if (mesh is not null && tenant.Remote is { } remote)
        {
            ulong fingerprint = remote.Fingerprints.Of(tenant.NameBytes.Span, subject);
            remote.Match(tenant, subject, hash, fingerprint, _route);
            Ask(fingerprint, hash, mesh);
        }

        GroupChoice[] groups = [.. Groups()];
        return new Explanation
        {
            Plain = _route.Plain.ToArray(),
            Groups = groups,
            Destinations = mesh is null ? [] : [.. Nodes(mesh, groups), .. Regions(mesh, groups)],
        };
    }

    /// <summary>A reply to a request that crossed a link goes where its subject says, whoever asked for what.</summary>
    private Explanation ExplainReply(MeshSnapshot snapshot)
    {
        bool isReadable = ReturnPath.TryRead(subject, out ReadOnlySpan<byte> path, out ulong requester, out ReadOnlySpan<byte> inbox);
        string region = Text(path);
        bool isHere = isReadable && region == snapshot.Self.Region;
        MemberRow? there = snapshot.Members.FirstOrDefault(member => member.Card.Id == requester && member.State is LinkRow.Up or LinkRow.Quiet);
        if (isHere && there is null)
        {
            // The requester is a client of this node, or may have come back on any of the region.
            return new Explainer(node, tenant, inbox.ToArray(), snapshot).Explain();
        }

        string others = isReadable ? "a reply goes back to the requester's node alone" : "no node has made such a return path: nobody gets it";
        List<Destination> destinations = [];
        foreach (MemberRow member in snapshot.Members.Where(member => member.State != MemberRow.Self))
        {
            bool gets = isHere && member == there;
            SourceRow? source = snapshot.Sources.FirstOrDefault(row => !row.Source.IsRegion && row.Source.Carrier == member.Card.Id);
            destinations.Add(new Destination { IsRegion = false, Name = member.Card.Name, Verdict = gets ? Destination.Gets : Destination.No, Reason = gets ? "the reply goes back to it" : others, Source = source });
        }

        foreach (RegionRow other in snapshot.Regions)
        {
            bool isMeant = isReadable && other.Name == region;
            bool gets = isMeant && other.Carrier is not null;
            string reason = gets ? "the reply goes back to it" : isMeant ? "the reply is for it, and no node carries messages there" : others;
            destinations.Add(new Destination { IsRegion = true, Name = other.Name, Verdict = gets ? Destination.Gets : Destination.No, Reason = reason, Source = other.Carrier });
        }

        return new Explanation { Plain = [], Groups = [], Destinations = destinations };
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Why the lane of <paramref name="source"/> would not take a message; null if it would.</summary>
    private string? LossOn(InterestSource source)
    {
        if (source.Lane is not { } lane || source.Link is not { } link)
        {
            return null;
        }

        Governor governor = node.Context.Governor;
        LinkLimits limits = node.Options.Links!.Limits;
        return link.IsWan && governor.DropsWanBulk ? $"the memory governor drops messages to other regions (step {JsonFormat.Name(governor.Step)})"
            : lane.PendingBytes >= limits.MaxPendingBytes ? $"{lane.PendingBytes} bytes wait for the link, as many as may: messages are dropped"
            : lane.PendingBytes >= limits.MaxBulkPendingBytes ? $"{lane.PendingBytes} bytes wait for the link: all but requests and replies are dropped"
            : null;
    }

    /// <summary>Finds what each source asks for, whether or not messages go by it.</summary>
    private void Ask(ulong fingerprint, uint hash, MeshSnapshot snapshot)
    {
        foreach (SourceRow row in snapshot.Sources.Where(row => row.Source.Wants(fingerprint)))
        {
            AskedBy(row.Source).Add(new Asked("fingerprint", "", ""));
        }

        Route texts = new();
        tenant.RemoteSubscriptions.Match(subject, hash, texts);
        foreach (Subscription text in texts.Plain)
        {
            AskedBy((InterestSource)text.Subscriber).Add(new Asked("pattern", Text(text.Subject), ""));
        }

        foreach (QueueGroupRoute group in texts.Groups)
        {
            foreach (Subscription text in group.Members)
            {
                AskedBy((InterestSource)text.Subscriber).Add(new Asked("queue", Text(text.Subject), group.Name!.ToString()));
            }
        }
    }

    private List<Asked> AskedBy(InterestSource source)
    {
        if (!_asked.TryGetValue(source, out List<Asked>? asked))
        {
            _asked[source] = asked = [];
        }

        return asked;
    }

    private List<GroupChoice> Groups()
    {
        List<GroupChoice> choices = [];
        for (int i = 0; i < _route.Groups.Length; i++)
        {
            RemoteGroup? elsewhere = null;
            foreach (RemoteGroup group in _route.Remote is null ? default : _route.Remote.Groups)
            {
                elsewhere = group.LocalGroup == i ? group : elsewhere;
            }

            QueueGroupRoute local = _route.Groups[i];
            choices.Add(Choose(local.Name!.ToString(), local.Members.Length, elsewhere));
        }

        foreach (RemoteGroup group in _route.Remote is null ? default : _route.Remote.Groups)
        {
            if (group.LocalGroup < 0)
            {
                choices.Add(Choose(group.Name!.ToString(), 0, group));
            }
        }

        return choices;
    }

    /// <summary>The order in which <see cref="Router"/> and <see cref="Forwarder"/> choose.</summary>
    private static GroupChoice Choose(string name, int localMembers, RemoteGroup? elsewhere)
    {
        InterestSource[] nodes = [.. elsewhere?.Nodes ?? []];
        InterestSource[] regions = [.. elsewhere?.Regions ?? []];
        InterestSource[] reachable = [.. nodes.Where(source => source.IsReachable)];
        InterestSource? nearest = elsewhere?.NearestRegion();
        return localMembers > 0 ? new GroupChoice(name, localMembers, nodes, regions, "local", [])
            : reachable.Length > 0 ? new GroupChoice(name, 0, nodes, regions, "node", reachable)
            : nearest is not null ? new GroupChoice(name, 0, nodes, regions, "region", [nearest])
            : new GroupChoice(name, 0, nodes, regions, "nobody", []);
    }

    private IEnumerable<Destination> Nodes(MeshSnapshot snapshot, GroupChoice[] groups)
    {
        foreach (MemberRow member in snapshot.Members.Where(member => member.State != MemberRow.Self))
        {
            SourceRow? source = snapshot.Sources.FirstOrDefault(row => !row.Source.IsRegion && row.Source.Carrier == member.Card.Id);
            if (source is null)
            {
                string failure = member.LastFailure is { } reason ? $": {reason}" : "";
                yield return new Destination { IsRegion = false, Name = member.Card.Name, Verdict = Destination.No, Reason = $"there is no link to it{failure}" };
                continue;
            }

            yield return Judge(source, _route.Remote?.Nodes.Contains(source.Source) ?? false, groups);
        }
    }

    private IEnumerable<Destination> Regions(MeshSnapshot snapshot, GroupChoice[] groups)
    {
        foreach (RegionRow region in snapshot.Regions)
        {
            SourceRow? source = region.Carrier ?? (region.Carriers.Count > 0 ? region.Carriers[0] : null);
            if (source is null)
            {
                string failure = snapshot.Wanted.FirstOrDefault(wanted => wanted.Region == region.Name)?.LastFailure is { } reason ? $": {reason}" : "";
                yield return new Destination
                {
                    IsRegion = true,
                    Name = region.Name,
                    Verdict = Destination.No,
                    Reason = $"no node carries messages there; '{region.Owner}' should{failure}",
                };
                continue;
            }

            yield return Judge(source, _route.Remote?.Regions.Contains(source.Source) ?? false, groups);
        }
    }

    private Destination Judge(SourceRow row, bool isWanted, GroupChoice[] groups)
    {
        InterestSource source = row.Source;
        IReadOnlyList<Asked> by = _asked.GetValueOrDefault(source) ?? [];
        string[] choosing = [.. groups.Where(group => group.Candidates.Contains(source)).Select(group => group.Name)];
        (string verdict, string reason) = (isWanted || choosing.Length > 0) switch
        {
            true when LossOn(source) is { } loss => (Destination.No, loss),
            true when isWanted => (Destination.Gets, "it asked for it"),
            true => (Destination.MayGet, $"for queue group {string.Join(", ", choosing)}, {(source.IsRegion ? "as the nearest region that has a member" : "as a node of the region that has a member")}"),
            _ => (Destination.No, WhyNot(row, by)),
        };
        return new Destination { IsRegion = source.IsRegion, Name = row.Name, Verdict = verdict, Reason = reason, By = by, Source = row };
    }

    private string WhyNot(SourceRow row, IReadOnlyList<Asked> by)
    {
        InterestSource source = row.Source;
        return source.Link is null ? source.IsRegion ? "no node carries messages there: the link is down" : "the link is down"
            : !source.IsReachable ? "the link's data lane is missing"
            : by.Any(asked => asked.Kind == "queue") ? "only queue groups ask for it there, and each has a member that comes first"
            : source.IsRegion && NodeInterest.IsInbox(subject) ? "inboxes are not told to other regions; replies find their way back without"
            : !row.Known ? "what it wants is not known yet"
            : "no interest";
    }
}
