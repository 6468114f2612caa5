using System.Globalization;
using Causeway.Cli.Inspect;
using Spectre.Console;

namespace Causeway.Cli.Top;

/// <summary>Draws a <see cref="TopModel"/> as lines of text, with colours or without.</summary>
/// <param name="hasColors">Whether colours and styles are written, as the escape sequences of terminals.</param>
internal sealed class TopScreen(bool hasColors)
{
    private const int LinesAround = 6;

    private static readonly (string Title, TopSort Sort)[] ClientColumns =
    [
        ("CID", TopSort.Id), ("NAME", TopSort.Id), ("ADDRESS", TopSort.Id), ("TENANT", TopSort.Id), ("SUBS", TopSort.Subscriptions), ("PENDING", TopSort.Pending),
        ("MEMORY", TopSort.Memory), ("IN MSGS/s", TopSort.InMessages), ("OUT MSGS/s", TopSort.OutMessages), ("IN BYTES/s", TopSort.InBytes), ("OUT BYTES/s", TopSort.OutBytes), ("RTT", TopSort.Id),
    ];

    /// <summary>The lines, at most <paramref name="height"/>, none longer than <paramref name="width"/>.</summary>
    public IReadOnlyList<string> Draw(TopModel model, int width, int height)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        if (model.Sample is not { } sample)
        {
            console.Write(Line(model.Problem.Length > 0 ? model.Problem : "asking the node...", model.Problem.Length > 0 ? Color.Red : null));
        }
        else
        {
            Head(console, model, sample);
            int rows = Math.Max(1, height - LinesAround);
            console.Write(model.ShowsMemory ? Memory(model, sample, rows) : Clients(model, rows));
        }

        List<string> lines = [.. text.ToString().TrimEnd('\n').Split('\n').Select(line => hasColors ? line : line.TrimEnd()).Take(height - 1)];
        return lines;
    }

    /// <summary>The line at the bottom: what keys do.</summary>
    public static string Keys(TopModel model) => model.IsTyping
        ? $"filter: {model.Filter}_   (Enter keeps it, Esc ends it)"
        : $"q quit  p {(model.IsPaused ? "go on" : "pause")}  s/S sort ({model.Sort}{(model.IsReversed ? ", reversed" : "")})  r reverse  / filter{(model.Filter.Length > 0 ? $" ({model.Filter})" : "")}  m {(model.ShowsMemory ? "clients" : "memory")}  arrows scroll";

    private static void Head(IAnsiConsole console, TopModel model, TopSample sample)
    {
        string state = model.IsPaused ? "  [paused]" : model.Problem.Length > 0 ? $"  [{model.Problem}]" : "";
        console.Write(Line($"node {sample.Server}  up {sample.Uptime}  cpu {Number(sample.Cpu)}%  resident {Size(sample.ResidentBytes)}{state}", model.Problem.Length > 0 ? Color.Red : null));
        string rates = model.Rates is { } now
            ? $"in {Number(now.InMessages)} msgs/s {Size(now.InBytes)}/s  out {Number(now.OutMessages)} msgs/s {Size(now.OutBytes)}/s"
            : "in - out -";
        console.Write(Line($"clients {sample.Connections}  subscriptions {sample.Subscriptions}  {rates}  slow consumers {sample.SlowConsumers}"));
        double share = sample.MemoryLimitBytes > 0 ? (double)sample.MemoryUsedBytes / sample.MemoryLimitBytes : 0;
        IEnumerable<string> uses = sample.Holders.Where(holder => holder.Kind == "use" && holder.Bytes > 0).OrderByDescending(holder => holder.Bytes).Select(holder => $"{holder.Name} {Size(holder.Bytes)}");
        string line = string.Create(CultureInfo.InvariantCulture, $"memory {Size(sample.MemoryUsedBytes)} of {Size(sample.MemoryLimitBytes)} ({share:0.0%}), governor {sample.Governor}: {string.Join(", ", uses)}");
        console.Write(Line(line, share >= 0.8 ? Color.Red : share >= 0.7 ? Color.Yellow : null));
        console.WriteLine();
    }

    private static Table Clients(TopModel model, int rows)
    {
        Table table = New();
        foreach ((string title, TopSort sort) in ClientColumns)
        {
            bool isSorted = sort == model.Sort && (sort != TopSort.Id || title == "CID");
            bool isText = title is "NAME" or "ADDRESS" or "TENANT";
            table.AddColumn(Column(title, isSorted, isText));
        }

        foreach (TopRow row in model.Rows.Skip(model.First).Take(rows))
        {
            TopClient client = row.Client;
            table.AddRow(((string[])
            [
                client.Id.ToString(CultureInfo.InvariantCulture), client.Name, client.Address, client.Account, Number(client.Subscriptions), Size(client.PendingBytes), Size(client.MemoryBytes),
                Number(row.Rates.InMessages), Number(row.Rates.OutMessages), Size(row.Rates.InBytes), Size(row.Rates.OutBytes), client.RoundTrip,
            ]).Select(cell => new Text(Printable(cell)).Ellipsis()));
        }

        return table;
    }

    private static Table Memory(TopModel model, TopSample sample, int rows)
    {
        Table table = New();
        table.AddColumn(Column("KIND", false, true));
        table.AddColumn(Column("HOLDER", false, true));
        table.AddColumn(Column("BYTES", true, false));
        table.AddColumn(Column("GROWTH/s", false, false));
        table.AddColumn(Column("OF USED", false, false));
        foreach (TopHolder holder in sample.Holders.OrderByDescending(holder => holder.Bytes).Skip(model.First).Take(rows))
        {
            string share = sample.MemoryUsedBytes > 0 ? ((double)holder.Bytes / sample.MemoryUsedBytes).ToString("0.0%", CultureInfo.InvariantCulture) : "-";
            table.AddRow(((string[])[holder.Kind, holder.Name, Size(holder.Bytes), holder.BytesPerSecond is { } growth ? Size(growth) : "-", share]).Select(cell => new Text(Printable(cell)).Ellipsis()));
        }

        return table;
    }

    private static Table New() => new() { Border = TableBorder.None, ShowHeaders = true };

    private static TableColumn Column(string title, bool isSorted, bool isText) =>
        new(new Text(title, new Style(decoration: isSorted ? Decoration.Bold | Decoration.Underline : Decoration.Dim))) { Padding = new Padding(0, 0, 2, 0), NoWrap = true, Alignment = isText ? Justify.Left : Justify.Right };

    private static Text Line(string text, Color? color = null) => new Text(Printable(text) + "\n", color is { } shown ? new Style(shown) : Style.Plain).Ellipsis();

    /// <summary>Names come from clients: what would move the cursor or change colours is shown as a question mark.</summary>
    private static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);

    private static string Size(double bytes) => bytes < 0 ? $"-{PageReading.Size(-bytes).Text}" : PageReading.Size(bytes).Text;

    private static string Number(double number) => number switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.00}M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:0.0}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number:0.#}"),
    };
}
