using Causeway.Core.Subjects;

namespace Causeway.Core.Subscriptions;

/// <summary>Subscriptions with wildcards, in a tree by token. Empty branches are cut. Not thread-safe.</summary>
internal sealed class PatternTrie
{
    private readonly ByteStringComparer _comparer;
    private readonly Node _root = new();

    public PatternTrie(ByteHash hash) => _comparer = new ByteStringComparer(hash);

    public int Count { get; private set; }

    public void Add(Subscription subscription)
    {
        Node node = _root;
        ReadOnlySpan<byte> rest = subscription.Subject;
        bool more = true;
        while (more)
        {
            ReadOnlySpan<byte> token = Subject.NextToken(ref rest, out more);
            if (token is [Subject.AnyRest] && !more)
            {
                SubscriptionChain.Add(ref node.Rest, subscription);
                Count++;
                return;
            }

            node = node.ChildFor(token, _comparer);
        }

        SubscriptionChain.Add(ref node.Here, subscription);
        Count++;
    }

    public void Remove(Subscription subscription)
    {
        RemoveBelow(_root, subscription, subscription.Subject);
        Count--;
    }

    /// <summary>Adds all subscriptions whose pattern matches <paramref name="subject"/> to <paramref name="route"/>.</summary>
    public void Match(ReadOnlySpan<byte> subject, Route route)
    {
        if (Count > 0)
        {
            Match(_root, subject, route);
        }
    }

    /// <summary>Calls <paramref name="visit"/> for every subscription until it returns false.</summary>
    public void Visit(Func<Subscription, bool> visit) => Visit(_root, visit);

    private static void Match(Node node, ReadOnlySpan<byte> rest, Route route)
    {
        route.AddChain(node.Rest);
        ReadOnlySpan<byte> token = Subject.NextToken(ref rest, out bool more);
        Descend(node.Any, rest, more, route);
        Descend(node.Find(token), rest, more, route);
    }

    private static void Descend(Node? node, ReadOnlySpan<byte> rest, bool more, Route route)
    {
        if (node is null)
        {
            return;
        }

        if (more)
        {
            Match(node, rest, route);
        }
        else
        {
            route.AddChain(node.Here);
        }
    }

    private static bool Visit(Node node, Func<Subscription, bool> visit)
    {
        foreach (Subscription? head in new[] { node.Here, node.Rest })
        {
            for (Subscription? at = head; at is not null; at = at.Next)
            {
                if (!visit(at))
                {
                    return false;
                }
            }
        }

        if (node.Any is { } any && !Visit(any, visit))
        {
            return false;
        }

        foreach (Node child in node.Children)
        {
            if (!Visit(child, visit))
            {
                return false;
            }
        }

        return true;
    }

    private static void RemoveBelow(Node node, Subscription subscription, ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> token = Subject.NextToken(ref rest, out bool more);
        if (token is [Subject.AnyRest] && !more)
        {
            SubscriptionChain.Remove(ref node.Rest, subscription);
            return;
        }

        Node child = node.Child(token) ?? throw new InvalidOperationException("the subscription is not in the trie");
        if (more)
        {
            RemoveBelow(child, subscription, rest);
        }
        else
        {
            SubscriptionChain.Remove(ref child.Here, subscription);
        }

        if (child.IsEmpty)
        {
            node.Cut(token);
        }
    }

    private sealed class Node
    {
        /// <summary>Subscriptions that end here.</summary>
        public Subscription? Here;

        /// <summary>Subscriptions that end here with <c>&gt;</c>.</summary>
        public Subscription? Rest;

        private Dictionary<byte[], Node>? _children;

        public Node? Any { get; private set; }

        public bool IsEmpty => Here is null && Rest is null && Any is null && _children is null;

        public IEnumerable<Node> Children => _children?.Values ?? Enumerable.Empty<Node>();

        /// <summary>The branch of a literal token.</summary>
        public Node? Find(ReadOnlySpan<byte> token) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(token, out Node? child) ? child : null;

        /// <summary>The branch of a token of a pattern.</summary>
        public Node? Child(ReadOnlySpan<byte> token) => token is [Subject.AnyToken] ? Any : Find(token);

        public Node ChildFor(ReadOnlySpan<byte> token, ByteStringComparer comparer)
        {
            if (token is [Subject.AnyToken])
            {
                return Any ??= new Node();
            }

            if (Find(token) is { } known)
            {
                return known;
            }

            _children ??= new Dictionary<byte[], Node>(comparer);
            return _children[token.ToArray()] = new Node();
        }

        public void Cut(ReadOnlySpan<byte> token)
        {
            if (token is [Subject.AnyToken])
            {
                Any = null;
                return;
            }

            _children!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(token);
            if (_children.Count == 0)
            {
                _children = null;
            }
        }
    }
}
