using System.Text;
using Causeway.Cli.Bench;
using Causeway.Cli.Execution;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class BenchPartsTests
{
    [Theory]
    [InlineData("MSG a.b 1 5", "a.b", "", "5")]
    [InlineData("MSG a.b 1 _INBOX.x.1 128", "a.b", "_INBOX.x.1", "128")]
    [InlineData("MSG  a.b  1   r  0", "a.b", "r", "0")]
    public void A_message_line_has_its_parts(string line, string subject, string reply, string size)
    {
        MessageLine message = MessageLine.Parse(Encoding.ASCII.GetBytes(line));
        Assert.Equal(subject, Encoding.ASCII.GetString(message.Subject));
        Assert.Equal(reply, Encoding.ASCII.GetString(message.Reply));
        Assert.Equal(size, Encoding.ASCII.GetString(message.Size));
    }

    [Theory]
    [InlineData(60, 4)]
    [InlineData(60, 1)]
    [InlineData(7, 4)]
    [InlineData(1, 1)]
    [InlineData(1000, 100)]
    public void Random_subjects_are_literals_of_the_length_and_tokens_asked_for(int length, int tokens)
    {
        RandomSubjects subjects = new(length, tokens);
        for (int i = 0; i < 100; i++)
        {
            string subject = subjects.Next().ToString();
            Assert.Equal(length, subject.Length);
            Assert.Equal(tokens, subject.Split('.').Length);
            Assert.True(Core.Subjects.Subject.IsLiteral(Encoding.ASCII.GetBytes(subject)), subject);
        }
    }

    [Fact]
    public void Random_subjects_differ_and_are_the_same_on_each_run()
    {
        static List<string> Take()
        {
            RandomSubjects subjects = new(60, 4);
            return [.. Enumerable.Range(0, 1000).Select(_ => subjects.Next().ToString())];
        }

        List<string> first = Take();
        Assert.Equal(1000, first.Distinct().Count());
        Assert.Equal(first, Take());
    }

    [Fact]
    public void Subjects_too_short_for_their_tokens_are_refused()
    {
        Assert.Equal(ExitCode.Usage, Assert.Throws<BenchException>(() => new RandomSubjects(6, 4)).ExitCode);
    }

    [Theory]
    [InlineData("1234 (nats-server) S 1 2 3 4 5 6 7 8 9 10 250 75 0 0 20 0 9 0")]
    [InlineData("1234 (a b) c (d)) S 1 2 3 4 5 6 7 8 9 10 250 75 0 0 20 0 9 0")]
    public void Processor_times_are_found_behind_any_command_name(string stat)
    {
        Assert.Equal((2.5, 0.75), ServerProcessUsage.ParseStat(stat));
    }

    [Fact]
    public void Kilobytes_are_read_by_name()
    {
        string[] lines = ["Name:   x", "VmHWM:     2048 kB", "Rss:           12 kB"];
        Assert.Equal(2048 * 1024, ServerProcessUsage.KiloBytes(lines, "VmHWM:"));
        Assert.Equal(12 * 1024, ServerProcessUsage.KiloBytes(lines, "Rss:"));
        Assert.Equal(0, ServerProcessUsage.KiloBytes(lines, "Pss:"));
    }

    [Fact]
    public void The_usage_of_this_process_grows_with_its_work()
    {
        ServerProcessUsage before = ServerProcessUsage.Read(Environment.ProcessId);
        long end = Environment.TickCount64 + 100;
        while (Environment.TickCount64 < end)
        {
        }

        ServerProcessUsage after = ServerProcessUsage.Read(Environment.ProcessId);
        Assert.True(after.CpuSeconds > before.CpuSeconds);
        Assert.InRange(after.ResidentBytes, 1 << 20, 1L << 40);
        Assert.True(after.PeakResidentBytes >= after.ResidentBytes / 2);
    }

    [Fact]
    public void A_process_that_does_not_exist_is_a_clear_error()
    {
        Assert.Contains("cannot read the usage of process", Assert.Throws<BenchException>(() => ServerProcessUsage.Read(int.MaxValue)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_is_read_with_its_defaults()
    {
        ServerInfo full = ServerInfo.Parse("{\"server_name\":\"n\",\"version\":\"2.9.10\",\"max_payload\":1048576,\"tls_required\":true}"u8);
        Assert.Equal(new ServerInfo("n", "2.9.10", 1048576, TlsRequired: true), full);
        Assert.Equal(new ServerInfo("", "", long.MaxValue, TlsRequired: false), ServerInfo.Parse("{}"u8));
    }
}
