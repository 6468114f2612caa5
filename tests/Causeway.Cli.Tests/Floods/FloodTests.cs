using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Causeway.Cli.Tests.Inspect;
using Causeway.Client;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Floods;

/// <summary>Floods of every kind at once upon a node with TLS and hashed passwords: who is there already goes on as if nothing were.</summary>
public sealed class FloodTests
{
    private const int StalledHandshakes = 300;
    private const int Guesses = 300;
    private const int Visits = 3000;
    private const int VisitorsAtOnce = 8;
    private const int LeastRounds = 100;

    /// <summary>Of a node that is well a round takes a few milliseconds; this is what one may take on a machine with much else to do.</summary>
    private static readonly TimeSpan RoundDeadline = TimeSpan.FromSeconds(20);

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handshakes_that_never_end_guesses_and_connections_that_come_and_go_cost_other_clients_nothing()
    {
        using Certificates certificates = new();
        using TemporaryFolder folder = new();
        (string certificate, string key) = certificates.Issue("localhost");
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(
            file,
            // Who is in good order also gets in where this process or the node stands still for a moment.
            $$"""
            tls { cert_file: "{{certificate}}", key_file: "{{key}}", timeout: 8 }
            allow_non_tls: true
            authorization { timeout: 6, users: [ { user: ann, password: "{{BCrypt.Net.BCrypt.HashPassword("right", 10)}}" } ] }
            """,
            Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("flooded", "", "-c", file);
        IPEndPoint address = IPEndPoint.Parse(node.Clients);
        await using BusClient asks = await ConnectAsync(node.Clients, certificates.CaFile);
        await using BusClient answers = await ConnectAsync(node.Clients, certificates.CaFile);
        await using Subscription questions = await answers.SubscribeAsync("ask", cancellationToken: Cancelled);
        await using Subscription stream = await answers.SubscribeAsync("stream", cancellationToken: Cancelled);
        Task answering = questions.ProcessAsync(async (question, cancelled) => await question.ReplyAsync(question.Data, cancellationToken: cancelled), cancellationToken: Cancelled);
        await answers.FlushAsync(Cancelled);

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task<int> rounds = AskAsync(asks, stream, over.Token);
        Task<bool[]> stalled = Task.WhenAll(Enumerable.Range(0, StalledHandshakes).Select(_ => StallAsync(address)));
        Task<string[]> guesses = Task.WhenAll(Enumerable.Range(0, Guesses).Select(number => GuessAsync(address, number)));
        Task visits = Task.WhenAll(Enumerable.Range(0, VisitorsAtOnce).Select(_ => VisitAsync(address)));
        await Task.WhenAny(rounds, Task.WhenAll(stalled, guesses, visits));
        await over.CancelAsync();

        Assert.InRange(await rounds, LeastRounds, int.MaxValue);
        Assert.All(await stalled, isClosed => Assert.True(isClosed));
        await visits;
        Assert.All(await guesses, said => Assert.True(said is "-ERR 'Authorization Violation'" or "-ERR 'Authentication Timeout'", said));
        Assert.Equal((0L, 0L), (asks.Statistics.Reconnects, answers.Statistics.Reconnects));
        await Eventually.EqualAsync((StalledHandshakes, 2, 0, Guesses), async () =>
        {
            string metrics = await Http.GetStringAsync(new Uri($"http://{node.Http}/metrics"), Cancelled);
            return (Metric(metrics, "causeway_tls_handshakes_failed_total"), Metric(metrics, "causeway_tls_handshakes_total"), Metric(metrics, "causeway_tls_handshakes_under_way"), Metric(metrics, "causeway_logins_refused_total"));
        });

        // Nobody of the flood is left, and who comes now gets in.
        await Eventually.EqualAsync(2, async () => Metric(await Http.GetStringAsync(new Uri($"http://{node.Http}/metrics"), Cancelled), "causeway_connections"));
        await using BusClient late = await ConnectAsync(node.Clients, certificates.CaFile);
        await late.FlushAsync(Cancelled);
        await answers.DisposeAsync();
        await answering.InTimeAsync();
    }

    private static Task<BusClient> ConnectAsync(string address, string authority) => BusClient.ConnectAsync(
        new BusClientOptions
        {
            Servers = [ServerAddress.Parse($"tls://{address}")],
            Credentials = ClientCredentials.ForUser("ann", "right"),
            Tls = new ClientTlsOptions { CaFile = authority },
            ConnectTimeout = Eventually.Deadline,
        },
        Cancelled);

    /// <summary>Asks, pings and publishes, one after the other, until the flood is over; gives how many times all three went well.</summary>
    private static async Task<int> AskAsync(BusClient client, Subscription stream, CancellationToken over)
    {
        await using IAsyncEnumerator<Message> delivered = stream.GetAsyncEnumerator(Cancelled);
        int rounds = 0;
        for (; rounds < LeastRounds || !over.IsCancellationRequested; rounds++)
        {
            byte[] number = Encoding.ASCII.GetBytes(rounds.ToString(CultureInfo.InvariantCulture));
            Message answer = await client.RequestAsync("ask", number, timeout: RoundDeadline, cancellationToken: Cancelled);
            Assert.Equal(number, answer.Data.ToArray());
            await client.FlushAsync(Cancelled).WaitAsync(RoundDeadline, Cancelled);
            await client.PublishAsync("stream", number, cancellationToken: Cancelled);
            Assert.True(await delivered.MoveNextAsync().AsTask().WaitAsync(RoundDeadline, Cancelled));
            Assert.Equal(number, delivered.Current.Data.ToArray());
        }

        return rounds;
    }

    /// <summary>Begins a TLS handshake and says no more. True once the node has closed.</summary>
    private static async Task<bool> StallAsync(IPEndPoint address)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address, Cancelled);
        NetworkStream stream = client.GetStream();
        await ReadLineAsync(stream);

        // The head of a record with a handshake of 512 bytes, of which one comes.
        await stream.WriteAsync(new byte[] { 22, 3, 1, 2, 0, 1 }, Cancelled);
        await ReadToEndAsync(stream);
        return true;
    }

    /// <summary>Logs in with a wrong password; gives what the node said.</summary>
    private static async Task<string> GuessAsync(IPEndPoint address, int number)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address, Cancelled);
        NetworkStream stream = client.GetStream();
        await ReadLineAsync(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"user\":\"ann\",\"pass\":\"wrong{number}\"}}\r\nPING\r\n"), Cancelled);
        return await ReadLineAsync(stream);
    }

    private static async Task VisitAsync(IPEndPoint address)
    {
        for (int visit = 0; visit < Visits / VisitorsAtOnce; visit++)
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, Cancelled);
            if (visit % 2 == 0)
            {
                // A reset, in place of an end in good order.
                socket.LingerState = new LingerOption(true, 0);
            }
        }
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Cancelled).AsTask().InTimeAsync() == 1)
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd();
    }

    private static async Task ReadToEndAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, Cancelled).AsTask().InTimeAsync() > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: closed all the same.
        }
    }

    private static int Metric(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf('}', StringComparison.Ordinal) is >= 0 and int end ? end + 1 : name.Length)..].Trim().Split(' ')[0])
        .Sum(value => (int)double.Parse(value, CultureInfo.InvariantCulture));
}
