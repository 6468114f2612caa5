using Causeway.Cli.Top;
using Xunit;

namespace Causeway.Cli.Tests.Top;

/// <summary>What is shown, and how it answers to keys: all without a terminal, a clock or a node.</summary>
public sealed class TopModelTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Rates_are_of_the_last_two_samples()
    {
        TopModel model = new();
        model.Take(Sample(0, Client(1, outBytes: 1000), Client(2, outBytes: 500)));
        Assert.Null(model.Rates);
        model.Take(Sample(2, Client(1, outBytes: 3000), Client(2, outBytes: 900), Client(3, outBytes: 7000)));
        Assert.Equal([(1L, 1000.0), (2L, 200.0), (3L, 0.0)], model.Rows.Select(row => (row.Client.Id, row.Rates.OutBytes)));
        Assert.Equal(10.0, model.Rates!.Value.InMessages);
    }

    [Fact]
    public void A_node_that_started_anew_has_no_rate_below_zero()
    {
        TopModel model = new();
        model.Take(Sample(0, Client(1, outBytes: 9000)));
        model.Take(Sample(1, Client(1, outBytes: 10)));
        Assert.Equal(0, model.Rows[0].Rates.OutBytes);
        model.Take(Sample(2, Client(1, outBytes: 50)) with { Server = "other" });
        Assert.Null(model.Rates);
    }

    [Fact]
    public void Two_looks_at_one_moment_keep_the_rates()
    {
        TopModel model = new();
        model.Take(Sample(0, Client(1)));
        model.Take(Sample(1, Client(1, outBytes: 10)));
        model.Take(Sample(1, Client(1, outBytes: 10)));
        Assert.Equal(10, model.Rows[0].Rates.OutBytes);
    }

    [Fact]
    public void Keys_sort_and_reverse()
    {
        TopModel model = new() { Sort = TopSort.Id };
        model.Take(Sample(0, Client(1, subscriptions: 5), Client(2, subscriptions: 9), Client(3, subscriptions: 1)));
        Assert.Equal([1, 2, 3], Ids(model));
        Press(model, "s");
        Assert.Equal((TopSort.Subscriptions, "2 1 3"), (model.Sort, string.Join(' ', Ids(model))));
        Press(model, "r");
        Assert.Equal([3, 1, 2], Ids(model));
        Press(model, "SS");
        Assert.Equal(TopSort.OutBytes, model.Sort);
    }

    [Fact]
    public void A_filter_is_typed_kept_and_taken_away()
    {
        TopModel model = new() { Sort = TopSort.Id };
        model.Take(Sample(0, Client(1, name: "media"), Client(2, name: "chat"), Client(30, name: "Media-2")));
        Press(model, "/mediq\b");
        Assert.Equal(("medi", true, "1 30"), (model.Filter, model.IsTyping, string.Join(' ', Ids(model))));
        Press(model, "\r");
        Assert.False(model.IsTyping);
        Press(model, "q");
        Assert.True(model.IsOver);
        Press(model, "\e");
        Assert.Equal(("", 3), (model.Filter, model.Rows.Count));
        Press(model, "/" + new string('x', 500));
        Assert.Equal(TopModel.MaxFilterCharacters, model.Filter.Length);
    }

    [Fact]
    public void While_it_pauses_nothing_changes()
    {
        TopModel model = new();
        model.Take(Sample(0, Client(1)));
        Press(model, "p");
        model.Take(Sample(1, Client(1), Client(2)));
        Assert.Single(model.Rows);
        Press(model, "p");
        model.Take(Sample(2, Client(1), Client(2)));
        Assert.Equal(2, model.Rows.Count);
    }

    [Fact]
    public void Scrolling_ends_at_the_ends()
    {
        TopModel model = new();
        model.Take(Sample(0, [.. Enumerable.Range(1, 15).Select(id => Client(id))]));
        model.Press(new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, false, false, false));
        Assert.Equal(0, model.First);
        model.Press(new ConsoleKeyInfo('\0', ConsoleKey.PageDown, false, false, false));
        model.Press(new ConsoleKeyInfo('\0', ConsoleKey.PageDown, false, false, false));
        Assert.Equal(14, model.First);
        model.Press(new ConsoleKeyInfo('\0', ConsoleKey.Home, false, false, false));
        Assert.Equal(0, model.First);
    }

    [Fact]
    public void A_sample_that_could_not_be_had_leaves_the_last_one_with_the_reason()
    {
        TopModel model = new();
        model.Take(Sample(0, Client(1)));
        model.Miss("can't reach it");
        string[] lines = Draw(model, 120, 20);
        Assert.Contains("can't reach it", lines[0], StringComparison.Ordinal);
        Assert.Single(model.Rows);
    }

    [Fact]
    public void The_picture_has_clients_or_memory_and_fits_the_screen()
    {
        TopModel model = new() { Sort = TopSort.Pending };
        model.Take(Sample(0, [.. Enumerable.Range(1, 40).Select(id => Client(id, name: $"n{id}\e[31m", pending: id * 1024))]));
        string[] lines = Draw(model, 130, 12);
        Assert.Equal(11, lines.Length);
        Assert.StartsWith("node here  up 1m  cpu 3.5%  resident 64.0MiB", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("memory 1.0MiB of 4.0MiB (25.0%), governor calm: pending 1.0MiB", lines[2], StringComparison.Ordinal);
        Assert.Matches(@"^\s*40\s+n40\?\[31m\s+127.0.0.1:1\s+\$G\s+0\s+40.0KiB", lines[5]);
        Assert.All(lines, line => Assert.True(line.Length <= 130 && !line.Any(char.IsControl)));
        Press(model, "m");
        Assert.Contains(Draw(model, 130, 12), line => line.StartsWith("use     pending", StringComparison.Ordinal) && line.Contains("100.0%", StringComparison.Ordinal));
        Assert.Equal("asking the node...", Draw(new TopModel(), 80, 24)[0]);
    }

    private static string[] Draw(TopModel model, int width, int height) => [.. new TopScreen(hasColors: false).Draw(model, width, height)];

    private static long[] Ids(TopModel model) => [.. model.Rows.Select(row => row.Client.Id)];

    private static void Press(TopModel model, string keys)
    {
        foreach (char key in keys)
        {
            ConsoleKey name = key switch
            {
                '\r' => ConsoleKey.Enter,
                '\e' => ConsoleKey.Escape,
                '\b' => ConsoleKey.Backspace,
                _ => ConsoleKey.None,
            };
            model.Press(new ConsoleKeyInfo(key, name, char.IsUpper(key), false, false));
        }
    }

    private static TopSample Sample(double seconds, params TopClient[] clients) => new()
    {
        At = Start.AddSeconds(seconds),
        Server = "here",
        Uptime = "1m",
        Cpu = 3.5,
        ResidentBytes = 64 << 20,
        Connections = clients.Length,
        Subscriptions = 7,
        SlowConsumers = 0,
        Traffic = new TopTraffic(seconds * 10, 0, 0, 0),
        Clients = clients,
        MemoryUsedBytes = 1 << 20,
        MemoryLimitBytes = 4 << 20,
        Governor = "calm",
        Holders = [new TopHolder("use", "pending", 1 << 20, -5), new TopHolder("tenant", "$G", 1 << 19, null)],
    };

    private static TopClient Client(long id, string name = "x", long subscriptions = 0, long pending = 0, double outBytes = 0) =>
        new(id, name, "127.0.0.1:1", "$G", subscriptions, pending, 0, "1ms", new TopTraffic(0, 0, 0, outBytes));
}
