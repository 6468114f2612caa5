using Causeway.Core.Protocol;

namespace Causeway.Core.Leafs;

/// <summary>
/// One line of the leaf-node protocol as found in a buffer, with the payload where there is one: offsets into the bytes that were
/// parsed. Used again for every line; only the fields of its verb mean anything.
/// </summary>
public struct LeafLine
{
    /// <summary>The verb.</summary>
    public LeafVerb Verb;

    /// <summary>
    /// Subject, reply, sizes and payload in the fields that a client's PUB has them in, the queue group of LS+ and LS- where SUB has
    /// it; the argument of INFO, CONNECT and -ERR where the subject is.
    /// </summary>
    public Command Fields;

    /// <summary>The weight of the queue group of LS+; 1 where none was given.</summary>
    public int Weight;

    /// <summary>Where the names of the queue groups that a message is for begin, separated by blanks.</summary>
    public int QueuesStart;

    /// <summary>Their length; 0 for none: the message is for plain subscriptions only.</summary>
    public int QueuesLength;
}
