using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

/// <summary>Every mode against a real server, small.</summary>
public abstract class BenchSmokeTests(BenchServer server)
{
    [Fact]
    public void Pub_publishes_what_was_asked_for()
    {
        JsonElement result = Good("pub", "--messages", "50k", "--publishers", "3", "--size", "16", "--warmup", "100ms");
        Assert.Equal(50_000, Number(result, "published"));
        Assert.True(Number(result.GetProperty("process"), "cpu_us_per_published") > 0);
        Assert.Equal("pub", result.GetProperty("mode").GetString());
        Assert.False(result.TryGetProperty("delivered", out _));
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("16", false)]
    [InlineData("16", true)]
    [InlineData("100KiB", true)]
    public void Pubsub_delivers_each_message_to_each_subscriber(string size, bool verify)
    {
        string[] arguments = ["pubsub", "--messages", "1003", "--publishers", "4", "--subscribers", "3", "--size", size, "--warmup", "50ms"];
        JsonElement result = Good(verify ? [.. arguments, "--verify"] : arguments);
        Assert.Equal(1003, Number(result, "published"));
        Assert.Equal(3 * 1003, Number(result, "delivered"));
        Assert.Equal(verify, result.GetProperty("verified").GetBoolean());
        Assert.True(Number(result.GetProperty("process"), "rss_after_bytes") > 1 << 20);
    }

    [Fact]
    public void Pubsub_spreads_over_subjects()
    {
        JsonElement result = Good("pubsub", "--messages", "4000", "--publishers", "4", "--subscribers", "3", "--subjects", "2", "--verify", "--warmup", "0");
        Assert.Equal(4000, Number(result, "published"));

        // Subject 0 has publishers 0 and 2 and subscribers 0 and 2; subject 1 has publishers 1 and 3 and subscriber 1.
        Assert.Equal((2000 * 2) + 2000, Number(result, "delivered"));
    }

    /// <summary>By another name it is the same server, through all that a second node needs.</summary>
    [Fact]
    public void Pubsub_and_requests_may_use_two_servers()
    {
        string second = string.Create(CultureInfo.InvariantCulture, $"localhost:{server.Port}");
        string pid = server.Pid.ToString(CultureInfo.InvariantCulture);
        JsonElement result = Good(
            "pubsub", "--messages", "50k", "--publishers", "2", "--subscribers", "3", "--window", "100", "--verify", "--warmup", "0", "--subscribe-server", second, "--second-pid", pid);
        Assert.Equal(3 * 50_000, Number(result, "delivered"));
        Assert.Equal(100, Number(result, "window"));
        Assert.Contains("localhost", result.GetProperty("subscribe_server").GetString(), StringComparison.Ordinal);
        result = Good("request", "--messages", "100", "--warmup", "0", "--subscribe-server", second);
        Assert.Equal(100, Number(result, "requests"));
    }

    [Fact]
    public void Pubsub_ends_by_time()
    {
        JsonElement result = Good("pubsub", "--duration", "300ms", "--warmup", "0");
        Assert.InRange(Number(result, "seconds"), 0.3, double.MaxValue);
        Assert.Equal(Number(result, "published"), Number(result, "delivered"));
    }

    [Fact]
    public void Fanout_reaches_all_subscribers()
    {
        JsonElement result = Good("fanout", "--messages", "500", "--subscribers", "50", "--verify");
        Assert.Equal(500 * 50, Number(result, "delivered"));
    }

    [Theory]
    [InlineData("--clients", "1")]
    [InlineData("--clients", "5", "--inflight", "7", "--responders", "3")]
    [InlineData("--clients", "5", "--size", "100KiB", "--inflight", "4")]
    public void Request_gets_every_reply(params string[] arguments)
    {
        JsonElement result = Good(["request", "--messages", "1000", "--warmup", "50ms", .. arguments]);
        Assert.Equal(1000, Number(result, "requests"));
        JsonElement latency = result.GetProperty("latency");
        Assert.Equal(1000, Number(latency, "samples"));
        double[] percentiles = [.. new[] { "min_us", "p50_us", "p90_us", "p99_us", "p999_us", "max_us" }.Select(name => Number(latency, name))];
        Assert.Equal(percentiles.Order(), percentiles);
        Assert.True(percentiles[0] > 0);
    }

    [Fact]
    public void Request_keeps_its_rate()
    {
        JsonElement result = Good("request", "--rate", "500", "--duration", "1s", "--clients", "10", "--warmup", "0");
        Assert.Equal(500, Number(result, "requests"));
        Assert.InRange(Number(result, "seconds"), 0.9, double.MaxValue);
    }

    [Fact]
    public void Subs_are_made_and_measured()
    {
        JsonElement result = Good("subs", "--count", "5000", "--length", "40", "--settle", "100ms");
        Assert.Equal(5000, Number(result, "count"));
        Assert.True(Number(result.GetProperty("process"), "cpu_us_per_item") > 0);
        Assert.True(result.GetProperty("process").TryGetProperty("rss_bytes_per_item", out _));
    }

    [Fact]
    public void Connections_are_made_and_answer_at_the_end()
    {
        JsonElement result = Good("connections", "--count", "50", "--settle", "100ms");
        Assert.Equal(50, Number(result, "count"));
    }

    [Fact]
    public void Text_says_what_was_measured()
    {
        BenchProgram run = BenchProgram.Run("pubsub", "--messages", "1000", "--verify", "--warmup", "0", "--server", Server, "--pid", Pid);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("delivered   1,000 messages", run.Output, StringComparison.Ordinal);
        Assert.Contains("order verified", run.Output, StringComparison.Ordinal);
        Assert.Contains("per delivered message", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "is above the server's max_payload of 1048576", "pub", "--size", "2MiB")]
    [InlineData(1, "--verify needs a --size of at least 8", "pubsub", "--size", "7", "--verify")]
    [InlineData(1, "is not a subject", "pub", "--subject", "a b")]
    [InlineData(1, "one server is measured at a time", "pub", "-s", "127.0.0.1:1", "-s", "127.0.0.1:2")]
    [InlineData(1, "too short for 40 tokens", "subs", "--tokens", "40")]
    [InlineData(2, "connection refused", "pub", "-s", "127.0.0.1:1")]
    [InlineData(5, "cannot read the usage of process", "pub", "--pid", "2147483647")]
    [InlineData(5, "timed out after 5 s", "pub", "--duration", "60s", "--timeout", "5s")]
    [InlineData(1, "--size: 'x' can't be read", "pub", "--size", "x")]
    [InlineData(1, "'nothing' is not a command", "nothing")]
    public void What_can_not_be_done_is_one_line_and_an_exit_code(int exitCode, string message, params string[] arguments)
    {
        BenchProgram run = BenchProgram.Run(arguments.Contains("-s") ? arguments : [.. arguments, "--server", Server]);
        Assert.Equal(exitCode, run.ExitCode);
        string line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("causeway bench", line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private string Server => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}");

    private string Pid => server.Pid.ToString(CultureInfo.InvariantCulture);

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private JsonElement Good(params string[] arguments)
    {
        BenchProgram run = BenchProgram.Run([.. arguments, "--server", Server, "--pid", Pid, "--json"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Empty(run.Errors);
        return run.Json();
    }
}
