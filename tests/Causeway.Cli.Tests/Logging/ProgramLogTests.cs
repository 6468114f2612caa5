using System.Text.Json;
using Causeway.Cli.Logging;
using Causeway.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Cli.Tests.Logging;

/// <summary>Lines of the log: their forms, their file, and what happens when nobody reads them.</summary>
public sealed class ProgramLogTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact]
    public void Text_has_time_severity_category_and_message() => Assert.Equal(
        "2026-03-04T05:06:07.089Z warn: part[7] a b\n",
        Line(new LogSettings(), LogLevel.Warning, "a\nb"));

    [Fact]
    public void Text_without_time_begins_with_the_severity() =>
        Assert.Equal("info: part[7] a\n", Line(new LogSettings { ShowsTime = false }, LogLevel.Information, "a"));

    [Fact]
    public void The_form_of_nats_server_is_its_own() =>
        Assert.Equal($"[{Environment.ProcessId}] [ERR] a\n", Line(new LogSettings { Format = LogFormat.Nats, ShowsTime = false }, LogLevel.Error, "a"));

    [Fact]
    public void Json_has_values_with_their_types()
    {
        string line = LogLine.Of(
            new LogSettings { Format = LogFormat.Json }, Now, "part", LogLevel.Information, new EventId(7), "m", new IOException("x\ny"), [new("Count", 5), new("Share", 0.5), new("Name", "n\"")]);
        using JsonDocument json = JsonDocument.Parse(line);
        Assert.Equal(("2026-03-04T05:06:07.089Z", "Information", 7), (json.RootElement.GetProperty("Timestamp").GetString(), json.RootElement.GetProperty("LogLevel").GetString(), json.RootElement.GetProperty("EventId").GetInt32()));
        Assert.Equal((5, 0.5, "n\""), (json.RootElement.GetProperty("State").GetProperty("Count").GetInt32(), json.RootElement.GetProperty("State").GetProperty("Share").GetDouble(), json.RootElement.GetProperty("State").GetProperty("Name").GetString()));
        Assert.Equal(1, line.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Level_and_file_change_while_it_runs_and_a_moved_file_is_opened_again()
    {
        using TemporaryFolder folder = new();
        string first = Path.Combine(folder.Path, "first");
        string second = Path.Combine(folder.Path, "second");
        LogSettings settings = new() { File = first, ShowsTime = false };
        using (ProgramLog log = new(settings, new FakeTimeProvider(Now)))
        {
            ILogger part = log.For("part");
            Write(part, LogLevel.Debug, "not");
            LogSettings next = settings with { Level = LogLevel.Debug };
            Assert.Null(log.Prepare(next));
            log.Change(next, null);
            Write(part, LogLevel.Debug, "one");
            await SaysAsync(first, "one");
            File.Move(first, first + ".old");
            log.Reopen();
            Write(part, LogLevel.Debug, "two");
            await SaysAsync(first, "two");
            log.Change(next with { File = second }, log.Prepare(next with { File = second }));
            Write(part, LogLevel.Information, "three");
            Assert.Throws<DirectoryNotFoundException>(() => log.Prepare(next with { File = Path.Combine(folder.Path, "no", "file") }));
        }

        CancellationToken cancelled = TestContext.Current.CancellationToken;
        Assert.Equal("dbug: part[0] one\n", await File.ReadAllTextAsync(first + ".old", cancelled));
        Assert.Equal("info: causeway.log[1] File log re-opened\ndbug: part[0] two\n", await File.ReadAllTextAsync(first, cancelled));
        Assert.Equal("info: part[0] three\n", await File.ReadAllTextAsync(second, cancelled));
    }

    [Fact]
    public void A_full_file_is_put_aside_and_both_together_are_bounded()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "log");
        using (LogFile file = new(path, 100))
        {
            for (int i = 0; i < 50; i++)
            {
                file.Write("123456789\n"u8);
            }
        }

        Assert.Equal(100, new FileInfo(path).Length);
        Assert.Equal(100, new FileInfo(path + ".1").Length);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task Lines_that_nobody_reads_are_dropped_and_counted()
    {
        using BlockedStream blocked = new();
        LogWriter writer = new(null, dropped => $"dropped {dropped.Others} and {dropped.Trace}\n", blocked);
        writer.Add("first\n");
        await Eventually.TrueAsync(() => blocked.IsWritten);
        for (int i = 0; i < LogWriter.MaxWaitingLines + 7; i++)
        {
            writer.Add("x\n");
        }

        blocked.Release();
        writer.Dispose();
        string[] lines = blocked.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(LogWriter.MaxWaitingLines + 2, lines.Length);
        Assert.Equal("dropped 7 and 0", lines[^1]);
    }

    [Fact]
    public async Task A_flood_of_trace_lines_leaves_room_for_others_in_lines_and_in_characters()
    {
        using BlockedStream blocked = new();
        LogWriter writer = new(null, dropped => $"dropped {dropped.Others} and {dropped.Trace}\n", blocked);
        writer.Add("first\n");
        await Eventually.TrueAsync(() => blocked.IsWritten);
        for (int i = 0; i < LogWriter.MaxWaitingTraceLines + 9; i++)
        {
            writer.Add("t\n", isTrace: true);
        }

        writer.Add("a warning\n");
        Assert.Equal(new DroppedLines(9, 0), writer.Dropped);
        blocked.Release();
        writer.Dispose();
        Assert.EndsWith("t\na warning\ndropped 0 and 9\n", blocked.Text, StringComparison.Ordinal);

        using BlockedStream slow = new();
        LogWriter next = new(null, dropped => $"dropped {dropped.Trace}\n", slow);
        next.Add("first\n");
        await Eventually.TrueAsync(() => slow.IsWritten);
        string line = new string('t', 64 * 1024 - 1) + "\n";
        for (int i = 0; i < 100; i++)
        {
            next.Add(line, isTrace: true);
        }

        Assert.Equal(100 - (LogWriter.MaxWaitingTraceCharacters / line.Length), next.Dropped.Trace);
        slow.Release();
        next.Dispose();
    }

    private static string Line(LogSettings settings, LogLevel level, string message) => LogLine.Of(settings, Now, "part", level, new EventId(7), message, null, null);

    private static void Write(ILogger log, LogLevel level, string text) => log.Log(level, default, text, null, (state, _) => state);

    private static Task SaysAsync(string file, string text) => Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).Contains(text, StringComparison.Ordinal), text);

    private sealed class BlockedStream : MemoryStream
    {
        private readonly ManualResetEventSlim _released = new();

        public bool IsWritten { get; private set; }

        public string Text => System.Text.Encoding.UTF8.GetString(ToArray());

        public void Release() => _released.Set();

        public override void Write(byte[] buffer, int offset, int count)
        {
            IsWritten = true;
            _released.Wait(Eventually.Deadline);
            base.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
