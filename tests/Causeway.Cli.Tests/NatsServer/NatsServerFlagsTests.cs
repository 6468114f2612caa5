using Causeway.Cli.NatsServer;
using Causeway.Cli.Serve;
using CsCheck;
using Xunit;

namespace Causeway.Cli.Tests.NatsServer;

/// <summary>nats-server's command line as one of <c>causeway serve</c>, and what of it is refused.</summary>
public sealed class NatsServerFlagsTests
{
    private static readonly string[] AnyWords = ["-p", "-D", "-c", "--", "-", "-sl", "-T=", "-=x", "--=", "---", "-n", "4222", "x", "-p=1", "-m=-1", ""];

    public static TheoryData<string, string> Taken => new()
    {
        { "", "" },
        { "-n x", "--name x" },
        { "--server_name=x", "--name x" },
        { "-name x -P /p --pid /q", "--name x --pid-file /q" },
        { "-c f.conf -l log --log_size_limit 1000", "--config f.conf --log-file log --log-size-limit 1000" },
        { "-T=false", "--log-time false" },
        { "-T", "--log-time true" },
        { "--user a --pass=b", "--user a --pass b" },
        { "-auth t", "--auth t" },
        { "-D", "--log-level Debug" },
        { "-D=false", "" },
        { "-V", "--log-protocol on" },
        { "-DV", "--log-level Debug --log-protocol on" },
        { "-V -D", "--log-level Debug --log-protocol on" },
        { "-VV", "--log-protocol verbose" },
        { "-DVV", "--log-level Debug --log-protocol verbose" },
        { "--trace=false -max_traced_msg_len 100", "--max-traced-msg-len 100" },
        { "-js=false -n x", "--name x" },
        { "-n x --", "--name x" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "--bogus", "'--bogus' is not a flag; nats-server -h lists what is accepted" },
        { "-p", "'-p' needs a value behind it; nats-server -h lists what is accepted" },
        { "-D=maybe", "'-D=maybe' can't be read; accepted is -D, or true or false behind =; nats-server -h lists what is accepted" },
        { "-p abc", "'-port abc' can't be read; accepted is a port from 0 to 65535, or -1 for any free one" },
        { "-m=65536", "'-http_port 65536' can't be read; accepted is a port from 0 to 65535, or -1 for any free one" },
        { "-a nowhere", "'-addr nowhere' can't be read; accepted is an IP address or localhost" },
        { "extra", "'extra' is not a flag or a command; accepted are flags, help and version" },
        { "-t", "-t needs --config, the file to test" },
        { "-js", "'-jetstream' can't be taken: JetStream is not part of Causeway" },
        { "-sd x", "'-store_dir' can't be taken: JetStream is not part of Causeway" },
        { "-s", "'-syslog' can't be taken: the log goes to standard error or --log, which systemd and containers pass on" },
        { "-ms 8443", "'-https_port' can't be taken: monitoring over HTTPS is not supported; use --http_port, with a proxy in front" },
        { "--routes nats://a:1", "'-routes' can't be taken: nodes are linked by Causeway's own protocol: 'region', 'link_listen' and 'peers' in the block 'causeway' of the configuration file (docs/regions.md)" },
    };

    public static TheoryData<string, string, string> Listening => new()
    {
        { "", "", "--listen 0.0.0.0:4222 --http off --log-format nats" },
        { "-p 5000", "", "--listen 0.0.0.0:5000 --http off --log-format nats" },
        { "-p -1 -a ::1 -m -1", "", "--listen [::1]:0 --http [::1]:0 --log-format nats" },
        { "-m 8222 -a 127.0.0.1", "127.0.0.1:7000", "--listen 127.0.0.1:7000 --http 127.0.0.1:8222 --log-format nats" },
        { "-p 5000", "127.0.0.1:7000", "--listen 127.0.0.1:5000 --http off --log-format nats" },
        { "-p 0 -m 0", "127.0.0.1:7000", "--listen 127.0.0.1:7000 --http off --log-format nats" },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void A_flag_is_the_option_it_stands_for(string line, string arguments)
    {
        NatsServerFlags flags = new(Words(line));
        Assert.Null(flags.Fault);
        Assert.Equal(arguments, string.Join(' ', flags.Arguments));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_not_be_taken_is_told_in_one_line(string line, string fault) => Assert.Equal(fault, new NatsServerFlags(Words(line)).Fault);

    [Theory]
    [MemberData(nameof(Listening))]
    public void Where_it_listens_follows_flags_then_the_file_then_nats_server(string line, string listenInFile, string arguments)
    {
        FileSettings? file = listenInFile.Length == 0 ? null : new FileSettings(
            new Dictionary<string, FileOption> { ["--listen"] = new("listen", new("f", 1), [listenInFile]) }, new Core.Access.AccessSettings());
        Assert.Equal(arguments, string.Join(' ', new NatsServerFlags(Words(line)).Style.ArgumentsBeside(ServeCommand.Create().Parse([]), file)));
    }

    [Fact]
    public void Any_words_are_taken_or_refused_in_one_line() =>
        Gen.OneOf(Gen.Int[0, AnyWords.Length - 1].Select(at => AnyWords[at]), Gen.String[0, 8]).Array[0, 6].Sample(words =>
        {
            NatsServerFlags flags = new(words);
            Assert.True(flags.Fault is null || flags.Fault.Length > 0);
            Assert.Equal(0, flags.Arguments.Count % 2);
        });

    [Theory]
    [InlineData("ldm", 12)]
    [InlineData("stop", 9)]
    [InlineData("quit", 2)]
    [InlineData("term", 15)]
    [InlineData("reopen", 10)]
    [InlineData("reload", 1)]
    [InlineData("RELOAD", null)]
    public void Signals_have_nats_server_s_names(string name, int? number) => Assert.Equal(number, ServerSignal.NumberOf(name));

    [Theory]
    [InlineData("nats-server -p 4222", true)]
    [InlineData("/usr/bin/nats-server", true)]
    [InlineData("dotnet /opt/causeway/causeway.dll nats-server -p 4222", true)]
    [InlineData("/opt/causeway nats-server", true)]
    [InlineData("dotnet causeway.dll serve", false)]
    [InlineData("vi nats-server", false)]
    [InlineData("", false)]
    public void Servers_are_known_by_their_command_lines(string line, bool isServer) => Assert.Equal(isServer, ServerSignal.IsServer(Words(line)));

    [Fact]
    public void A_signal_without_a_process_goes_to_the_only_server()
    {
        Assert.Equal((7, null), ServerSignal.TheOne([7]));
        Assert.Equal("no nats-server processes running", ServerSignal.TheOne([]).Problem);
        Assert.Equal("multiple nats-server processes running: 7, 8; name one behind the signal, as in reload=7", ServerSignal.TheOne([7, 8]).Problem);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
