using Causeway.Core.Interest;
using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>
/// A sender that outlives its link, so that the next link to the same node goes on where the last one stopped. One stream at a time
/// has it: the last that took it.
/// </summary>
internal sealed class KeptSender(InterestTable table, InterestSender sender)
{
    private Action? _changed;

    public InterestTable Table { get; } = table;

    public InterestSender Sender { get; } = sender;

    /// <summary>The stream that has it, or null.</summary>
    public ExportStream? Holder { get; private set; }

    /// <summary>When the last stream let go of it.</summary>
    public long LeftAt { get; private set; }

    /// <summary><paramref name="stream"/> has it from now on, and <paramref name="link"/> is woken when there is something to tell.</summary>
    public void Take(ExportStream stream, Link link)
    {
        Table.Changed -= _changed;
        _changed = link.Control.Wake;
        Table.Changed += _changed;
        Holder = stream;
        Sender.Disconnected();
    }

    /// <summary><paramref name="stream"/> lets go of it, unless another has it already.</summary>
    public void Leave(ExportStream stream, long now)
    {
        if (Holder == stream)
        {
            Table.Changed -= _changed;
            _changed = null;
            Holder = null;
            LeftAt = now;
            Sender.Disconnected();
        }
    }
}
