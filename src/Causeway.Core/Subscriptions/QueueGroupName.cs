using System.Text;

namespace Causeway.Core.Subscriptions;

/// <summary>The name of a queue group, one object per name and tenant, so that groups are compared by reference.</summary>
public sealed class QueueGroupName
{
    internal QueueGroupName(byte[] name) => Name = name;

    /// <summary>The name's bytes.</summary>
    public ReadOnlyMemory<byte> Name { get; }

    /// <summary>Subscriptions that use the name; the index forgets it at 0.</summary>
    internal int Uses { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Name.Span);
}
