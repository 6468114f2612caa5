using System.CommandLine;
using System.Text;
using System.Text.Json;
using Causeway.Cli.Execution;
using Causeway.Cli.Inspect;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Top;

/// <summary><c>causeway top</c>: a node's clients and memory, live on a terminal.</summary>
internal sealed class TopCommand
{
    private const string Examples = """
        Examples:
          causeway top
          causeway top --http 10.0.0.7:8222 --sort Pending --interval 5s
          causeway top --once | head -20                   one picture, as plain text

        Keys: q ends it, p pauses, s and S choose the column to sort by, r reverses, / filters by number, name, address or tenant, m shows
        who holds memory, arrows scroll. Rates are of the last interval. Where standard output is no terminal it is as with --once.
        """;

    /// <summary>Most clients that are asked for: those with most of what is sorted by.</summary>
    private const int MaxClients = 4096;

    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(30);

    private readonly Option<string> _http = HttpOption.Create();
    private readonly Option<bool> _once = new("--once") { Description = "Print one picture and end" };
    private readonly Option<TopSort> _sort = new("--sort") { Description = $"Column to sort by: {string.Join(", ", Enum.GetNames<TopSort>())}", HelpName = "column", DefaultValueFactory = _ => TopSort.OutBytes };
    private readonly Option<Duration> _interval = ValueOption.Create(
        "--interval", "Time between two looks", new ValueRange<Duration>(Duration.FromSeconds(0.1), Duration.FromSeconds(60)), Duration.FromSeconds(1), null, "-i");

    public static Command Create()
    {
        TopCommand top = new();
        Command command = new("top", "Watch a node's clients and memory live on a terminal.");
        command.Options.Add(top._http);
        command.Options.Add(top._interval);
        command.Options.Add(top._sort);
        command.Options.Add(top._once);
        command.SetAction(top.RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Uri node = new($"http://{parsed.GetRequiredValue(_http)}/");
        TimeSpan interval = parsed.GetRequiredValue(_interval).Time;
        TopModel model = new() { Sort = parsed.GetValue(_sort) };
        if (parsed.GetValue(_once) || Console.IsOutputRedirected || Console.IsInputRedirected)
        {
            await OnceAsync(node, model, interval, cancellation);
            return ExitCode.Success;
        }

        return await LiveAsync(node, model, interval, cancellation);
    }

    private static async Task OnceAsync(Uri node, TopModel model, TimeSpan interval, CancellationToken cancellation)
    {
        model.Take(await ReadAsync(node, model, interval, cancellation));
        await Task.Delay(interval, cancellation);
        model.Take(await ReadAsync(node, model, interval, cancellation));
        IReadOnlyList<string> lines = new TopScreen(hasColors: false).Draw(model, 400, int.MaxValue);
        using StandardOutput output = new();
        output.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        output.Flush();
    }

    private static async Task<int> LiveAsync(Uri node, TopModel model, TimeSpan interval, CancellationToken cancellation)
    {
        // Fails with one line before the screen is taken.
        model.Take(await ReadAsync(node, model, interval, cancellation));
        TopScreen screen = new(Environment.GetEnvironmentVariable("NO_COLOR") is null or "");
        using TopTerminal terminal = new();
        Task<TopSample>? asking = null;
        long asked = TimeProvider.System.GetTimestamp();
        bool changed = true;
        while (!model.IsOver && !cancellation.IsCancellationRequested)
        {
            while (TopTerminal.TryReadKey(out ConsoleKeyInfo key))
            {
                model.Press(key);
                changed = true;
            }

            if (asking is null && !model.IsPaused && TimeProvider.System.GetElapsedTime(asked) >= interval)
            {
                asked = TimeProvider.System.GetTimestamp();
                asking = ReadAsync(node, model, interval, cancellation);
            }

            if (asking is { IsCompleted: true })
            {
                Finish(model, asking);
                (asking, changed) = (null, true);
            }

            if (changed || terminal.HasResized())
            {
                terminal.Show(screen.Draw(model, TopTerminal.Width, TopTerminal.Height), TopScreen.Keys(model));
                changed = false;
            }

            await Task.Delay(KeyPause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Success;
    }

    private static void Finish(TopModel model, Task<TopSample> asking)
    {
        try
        {
            model.Take(asking.GetAwaiter().GetResult());
        }
        catch (Exception fault) when (fault is CommandException or TimeoutException)
        {
            // The node may come back; until then the last picture stays, with the reason above it.
            model.Miss(fault.Message);
        }
        catch (OperationCanceledException)
        {
            model.Miss("ending");
        }
    }

    private static async Task<TopSample> ReadAsync(Uri node, TopModel model, TimeSpan interval, CancellationToken cancellation)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(Math.Max(5, interval.TotalSeconds));
        string sort = model.Sort switch
        {
            TopSort.Subscriptions => "subs",
            TopSort.InMessages => "msgs_from",
            TopSort.OutMessages => "msgs_to",
            TopSort.InBytes => "bytes_from",
            TopSort.OutBytes => "bytes_to",
            TopSort.Id => "cid",
            _ => "pending",
        };
        string[] pages = await Task.WhenAll(((string[])["/varz", $"/connz?limit={MaxClients}&sort={sort}", "/memz"]).Select(path => NodePage.ReadAsync(node, path, timeout, cancellation)));
        try
        {
            using JsonDocument varz = JsonDocument.Parse(pages[0]);
            using JsonDocument connz = JsonDocument.Parse(pages[1]);
            using JsonDocument memz = JsonDocument.Parse(pages[2]);
            return TopSample.Read(varz.RootElement, connz.RootElement, memz.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CommandException(ExitCode.Failure, $"{node.Authority} is no Causeway node of this version: its pages can't be read ({fault.Message})");
        }
    }
}
