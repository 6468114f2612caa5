using Causeway.Core.Interest;

namespace Causeway.Core.Regions;

/// <summary>One table of what a source wants, as it is heard over a link, and what has to follow it: routes, and the region's union.</summary>
public sealed class SourceTable : IInterestListener
{
    private readonly LinkContext _context;

    internal SourceTable(StreamKind kind, InterestSource source, LinkContext context)
    {
        Kind = kind;
        Source = source;
        _context = context;
        Table = context.CreateTable(this);
        Receiver = new InterestReceiver(Table, context.Account, context.Compressor);
    }

    /// <summary>What it tells of.</summary>
    public StreamKind Kind { get; }

    /// <summary>Whose it is.</summary>
    public InterestSource Source { get; }

    /// <summary>The entries.</summary>
    public InterestTable Table { get; }

    /// <summary>What takes the stream.</summary>
    public InterestReceiver Receiver { get; }

    /// <summary>The stream that tells of it at present.</summary>
    internal ImportStream? Current { get; set; }

    /// <summary>True if it was in step with the teller since its link came up.</summary>
    public bool WasCurrent { get; internal set; }

    /// <inheritdoc/>
    public void OnLiteral(ulong fingerprint, bool present)
    {
        _context.Remote.OnLiteralChanged(fingerprint);
        if (Kind == StreamKind.Node)
        {
            _context.Own.OnNeighbour(fingerprint, present);
        }
    }

    /// <inheritdoc/>
    public void OnText(InterestText text, bool present)
    {
        if (_context.FindTenant(text.Tenant) is { } tenant && !tenant.LeafMarks.Take(Source, text, present))
        {
            Source.SetText(tenant, text, present);
            _context.Remote.OnAnyChanged();
        }

        if (Kind == StreamKind.Node)
        {
            _context.Own.OnNeighbour(text, present);
        }
    }

    /// <summary>A new link begins to tell of it.</summary>
    internal void Begin() => WasCurrent = false;

    /// <summary>Removes up to <paramref name="most"/> entries of a source that is gone; true when none is left.</summary>
    internal bool RemoveSome(int most) => !Table.RemoveSome(most);
}
