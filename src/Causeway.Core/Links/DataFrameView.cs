using Causeway.Core.Delivery;

namespace Causeway.Core.Links;

/// <summary>A frame of a data lane, as slices of the buffer that it came in.</summary>
public ref struct DataFrameView
{
    /// <summary>Bytes in all.</summary>
    public int Length { get; internal set; }

    /// <summary>How it is to be delivered.</summary>
    public DataFrameFlags Flags { get; internal set; }

    /// <summary>The tenant's name; empty for the default tenant.</summary>
    public ReadOnlySpan<byte> Tenant { get; internal set; }

    /// <summary>Where it has to go beyond this node; see <see cref="Routing.SendList"/>.</summary>
    public ReadOnlySpan<byte> Extension { get; internal set; }

    /// <summary>The message.</summary>
    public Message Message { get; internal set; }
}
