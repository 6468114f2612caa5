using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.NatsServer;

/// <summary>The same command lines given to nats-server and to <c>causeway nats-server</c> have the same outcome for whoever starts them.</summary>
public sealed partial class DropInTests
{
    /// <summary>What a server has in its file all the while; who logs in may take longer than the two seconds that are usual.</summary>
    private const string Settings = "server_name: here\nauthorization { timeout: 30 }\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int> Ending => new()
    {
        { "-t -c FOLDER/good.conf", "nats-server: configuration file FOLDER/good.conf is valid", 0 },
        { "-t -c FOLDER/bad.conf", "nats-server: FOLDER/bad.conf:2:", 1 },
        { "-c FOLDER/bad.conf", "nats-server: FOLDER/bad.conf:2:", 1 },
        { "-t", "nats-server: ", 1 },
        { "-t -c FOLDER/missing.conf", "nats-server: ", 1 },
        { "extra", "nats-server: ", 1 },
        { "-sl stop=999999999", "nats-server: ", 1 },
        { "-sl reload=FOLDER/missing.pid", "nats-server: ", 1 },
        { "--version", "nats-server: v2.9.10", 0 },
        { "version", "nats-server: v2.9.10", 0 },
        { "-h", "Usage: nats-server [options]", 0 },
    };

    [Theory]
    [MemberData(nameof(Ending))]
    public async Task A_command_line_that_ends_ends_alike(string line, string says, int exitCode)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "good.conf"), "port: 4222\nmax_payload: 2MB\ndebug: false\nlogtime: true\n", Cancelled);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "bad.conf"), "port: 4222\nbogus: 1\n", Cancelled);
        string[] words = line.Replace("FOLDER", folder.Path, StringComparison.Ordinal).Split(' ');
        foreach (ProcessStartInfo start in Programs(words))
        {
            (int code, string output) = await RunAsync(start);
            Assert.Equal(exitCode, code);
            Assert.Contains(output.Split('\n'), text => text.StartsWith(says.Replace("FOLDER", folder.Path, StringComparison.Ordinal), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_value_that_can_not_be_read_is_told_under_the_name_that_was_called()
    {
        (int code, string output) = await RunAsync(Programs(["--client_advertise", "::::bad"])[1]);

        Assert.Equal(1, code);
        Assert.StartsWith("nats-server: --client-advertise: '::::bad' can't be read; accepted is host:port (see nats-server --help)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_found_served_and_signalled_alike()
    {
        foreach (string kind in new[] { "nats-server", "causeway" })
        {
            using TemporaryFolder folder = new();
            string log = Path.Combine(folder.Path, "server.log");
            string pid = Path.Combine(folder.Path, "server.pid");
            string configuration = Path.Combine(folder.Path, "server.conf");
            await File.WriteAllTextAsync(configuration, Settings + "max_payload: 1000\n", Cancelled);
            string[] words = ["-a", "127.0.0.1", "-p=-1", "-m", "-1", "--ports_file_dir", folder.Path, "-P", pid, "-l", log, "-D", "-c", configuration, "--user", "u", "--pass", "p"];
            using Process server = Process.Start(Programs(words)[kind == "causeway" ? 1 : 0])!;
            try
            {
                await SaysAsync(log, "Server is ready");
                await Eventually.TrueAsync(() => Directory.GetFiles(folder.Path, "*.ports").Length == 1);
                string ports = Directory.GetFiles(folder.Path, "*.ports")[0];
                Assert.Equal($"nats-server_{server.Id}.ports", Path.GetFileName(ports));
                Assert.Equal(server.Id.ToString(null, null), await File.ReadAllTextAsync(pid, Cancelled));
                // nats-server writes the file in place: it can be seen before it is whole.
                await Eventually.TrueAsync(() => IsWhole(ports));
                using JsonDocument found = JsonDocument.Parse(await File.ReadAllTextAsync(ports, Cancelled));
                string clients = found.RootElement.GetProperty("nats")[0].GetString()!;
                string monitoring = found.RootElement.GetProperty("monitoring")[0].GetString()!;
                string address = ListeningLine().Match(await File.ReadAllTextAsync(log, Cancelled)).Groups[1].Value;
                Assert.Equal(clients, $"nats://{address}");
                using HttpClient http = new();
                Assert.Contains("\"server_name\": \"here\"", await http.GetStringAsync(new Uri(monitoring + "/varz"), Cancelled), StringComparison.Ordinal);

                await using BusClient client = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse($"nats://u:p@{address}")], ConnectTimeout = Eventually.Deadline }, Cancelled);
                Assert.Equal(1000, client.ServerInfo.PayloadBytesMax);

                await File.WriteAllTextAsync(configuration, Settings + "max_payload: 2000\n", Cancelled);
                await SignalAsync(kind, $"reload={pid}");
                await SaysAsync(log, "Reloaded server configuration");
                await Eventually.TrueAsync(() => client.ServerInfo.PayloadBytesMax == 2000);

                await File.WriteAllTextAsync(configuration, Settings + "max_payload: 3000\nbogus: 1\n", Cancelled);
                await SignalAsync(kind, $"reload={pid}");
                await SaysAsync(log, "Failed to reload server configuration");
                Assert.Equal(2000, client.ServerInfo.PayloadBytesMax);

                File.Move(log, log + ".old");
                await SignalAsync(kind, $"reopen={pid}");
                await SaysAsync(log, "File log re-opened");

                await SignalAsync(kind, $"quit={server.Id}");
                await server.WaitForExitAsync(Cancelled).InTimeAsync();
                Assert.Equal(0, server.ExitCode);
                await SaysAsync(log, "Server Exiting..");
                Assert.False(File.Exists(ports));
                Assert.DoesNotContain("\"p\"", await File.ReadAllTextAsync(log + ".old", Cancelled), StringComparison.Ordinal);
            }
            finally
            {
                if (!server.HasExited)
                {
                    server.Kill();
                }
            }
        }
    }

    [Fact]
    public async Task The_program_takes_the_flags_under_the_name_nats_server_too()
    {
        using TemporaryFolder folder = new();
        string link = Path.Combine(folder.Path, "nats-server");
        File.CreateSymbolicLink(link, Path.ChangeExtension(TestServer.CausewayProgram, null));
        (int code, string output) = await RunAsync(new ProcessStartInfo(link, ["-v"]) { RedirectStandardOutput = true, RedirectStandardError = true });
        Assert.Equal((0, true), (code, output.StartsWith("nats-server: v2.9.10 (Causeway ", StringComparison.Ordinal)));
    }

    private static ProcessStartInfo[] Programs(string[] words) =>
    [
        new("nats-server", words) { RedirectStandardOutput = true, RedirectStandardError = true },
        new("dotnet", [TestServer.CausewayProgram, "nats-server", .. words]) { RedirectStandardOutput = true, RedirectStandardError = true },
    ];

    private static async Task<(int Code, string Output)> RunAsync(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancelled);
        Task<string> error = process.StandardError.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled).InTimeAsync();
        return (process.ExitCode, await output + await error);
    }

    private static async Task SignalAsync(string kind, string signal) => Assert.Equal(0, (await RunAsync(Programs(["-sl", signal])[kind == "causeway" ? 1 : 0])).Code);

    private static bool IsWhole(string ports)
    {
        try
        {
            using JsonDocument found = JsonDocument.Parse(File.ReadAllText(ports));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Task SaysAsync(string log, string text) =>
        Eventually.TrueAsync(() => File.Exists(log) && File.ReadAllText(log).Contains(text, StringComparison.Ordinal), text);

    [GeneratedRegex(@"Listening for client connections on (\S+)")]
    private static partial Regex ListeningLine();
}
