namespace Causeway.Cli.Top;

/// <summary>
/// What <c>causeway top</c> shows and how it answers to keys, without a terminal, a clock or a node: it is given samples and keys, and has
/// the rows. Not thread-safe.
/// </summary>
internal sealed class TopModel
{
    /// <summary>Longest text to filter by.</summary>
    public const int MaxFilterCharacters = 64;

    private static readonly TopSort[] Sorts = Enum.GetValues<TopSort>();

    private TopSample? _before;
    private int _first;

    /// <summary>The last sample; null before the first.</summary>
    public TopSample? Sample { get; private set; }

    /// <summary>What the whole node does, a second; null before the second sample.</summary>
    public TopTraffic? Rates { get; private set; }

    /// <summary>The clients that the filter lets through, in order, with what they do a second.</summary>
    public IReadOnlyList<TopRow> Rows { get; private set; } = [];

    public TopSort Sort { get; set; } = TopSort.OutBytes;

    /// <summary>True if the smallest come first.</summary>
    public bool IsReversed { get; private set; }

    /// <summary>Shows only clients whose number, name, address or tenant has this in it.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>True while keys go into the filter.</summary>
    public bool IsTyping { get; private set; }

    /// <summary>True while no sample is taken.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>True if memory is shown instead of clients.</summary>
    public bool ShowsMemory { get; private set; }

    /// <summary>True once the user wants to leave.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why the last sample could not be had; empty if it could.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The first row that is shown.</summary>
    public int First => Math.Clamp(_first, 0, Math.Max(0, (ShowsMemory ? Sample?.Holders.Count ?? 0 : Rows.Count) - 1));

    /// <summary>Takes a sample, unless it pauses.</summary>
    public void Take(TopSample sample)
    {
        if (IsPaused)
        {
            return;
        }

        // Two samples of one moment have no rate, and of another node none together.
        if (Sample is null || sample.At > Sample.At)
        {
            (_before, Sample) = (Sample, sample);
        }

        Problem = "";
        Arrange();
    }

    /// <summary>A sample could not be had.</summary>
    public void Miss(string problem) => Problem = problem;

    /// <summary>Takes a key.</summary>
    public void Press(ConsoleKeyInfo key)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
        {
            IsOver = true;
        }
        else if (IsTyping)
        {
            Type(key);
        }
        else
        {
            Command(key);
        }

        Arrange();
    }

    private void Type(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                IsTyping = false;
                break;
            case ConsoleKey.Escape:
                IsTyping = false;
                Filter = "";
                break;
            case ConsoleKey.Backspace:
                Filter = Filter.Length > 0 ? Filter[..^1] : "";
                break;
            default:
                if (!char.IsControl(key.KeyChar) && Filter.Length < MaxFilterCharacters)
                {
                    Filter += key.KeyChar;
                }

                break;
        }

        _first = 0;
    }

    private void Command(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.DownArrow:
                _first = First + 1;
                return;
            case ConsoleKey.UpArrow:
                _first = Math.Max(0, First - 1);
                return;
            case ConsoleKey.PageDown:
                _first = First + 10;
                return;
            case ConsoleKey.PageUp:
                _first = Math.Max(0, First - 10);
                return;
            case ConsoleKey.Home:
                _first = 0;
                return;
            case ConsoleKey.Escape:
                Filter = "";
                return;
        }

        switch (key.KeyChar)
        {
            case 'q' or 'Q':
                IsOver = true;
                break;
            case 'p' or ' ':
                IsPaused = !IsPaused;
                break;
            case '/' or 'f':
                IsTyping = true;
                break;
            case 's' or '>':
                Sort = Sorts[((int)Sort + 1) % Sorts.Length];
                break;
            case 'S' or '<':
                Sort = Sorts[((int)Sort + Sorts.Length - 1) % Sorts.Length];
                break;
            case 'r':
                IsReversed = !IsReversed;
                break;
            case 'm':
                ShowsMemory = !ShowsMemory;
                _first = 0;
                break;
        }
    }

    private void Arrange()
    {
        if (Sample is not { } now)
        {
            return;
        }

        bool sameNode = _before is not null && _before.Server == now.Server;
        double seconds = sameNode ? (now.At - _before!.At).TotalSeconds : 0;
        Rates = sameNode ? now.Traffic.Since(_before!.Traffic, seconds) : null;
        Dictionary<long, TopClient> earlier = sameNode ? _before!.Clients.DistinctBy(client => client.Id).ToDictionary(client => client.Id) : [];
        IEnumerable<TopRow> rows = now.Clients
            .Where(client => Filter.Length == 0 || $"{client.Id} {client.Name} {client.Address} {client.Account}".Contains(Filter, StringComparison.OrdinalIgnoreCase))
            .Select(client => new TopRow(client, earlier.TryGetValue(client.Id, out TopClient? was) ? client.Traffic.Since(was.Traffic, seconds) : default));
        IOrderedEnumerable<TopRow> sorted = IsReversed ? rows.OrderBy(Key) : rows.OrderByDescending(Key);
        Rows = [.. sorted.ThenBy(row => row.Client.Id)];
    }

    private double Key(TopRow row) => Sort switch
    {
        TopSort.Subscriptions => row.Client.Subscriptions,
        TopSort.Pending => row.Client.PendingBytes,
        TopSort.Memory => row.Client.MemoryBytes,
        TopSort.InMessages => row.Rates.InMessages,
        TopSort.OutMessages => row.Rates.OutMessages,
        TopSort.InBytes => row.Rates.InBytes,
        TopSort.OutBytes => row.Rates.OutBytes,
        // The lowest number first, unless it is reversed, as people count.
        _ => -row.Client.Id,
    };
}

/// <summary>What clients are sorted by.</summary>
internal enum TopSort
{
    Id,
    Subscriptions,
    Pending,
    Memory,
    InMessages,
    OutMessages,
    InBytes,
    OutBytes,
}

/// <summary>A client with what it does a second.</summary>
internal sealed record TopRow(TopClient Client, TopTraffic Rates);
