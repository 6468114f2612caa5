using System.Globalization;

namespace Causeway.Compare.Clients;

/// <summary>What a client program is to do: its arguments, the same for each of the three programs.</summary>
internal sealed record LoadPlan(string Role, string Server, int Size, double WarmupSeconds, double Seconds, int InFlight)
{
    /// <summary>Where load goes to.</summary>
    public const string Subject = "bench";

    /// <summary>Where a receiver says how many messages of a phase it has got.</summary>
    public const string Acks = "bench.ack";

    /// <summary>The first byte of a usual message.</summary>
    public const byte Usual = (byte)'a';

    /// <summary>The first byte of the message that ends a phase; the number of the phase's messages, itself included, follows.</summary>
    public const byte Mark = (byte)'z';

    /// <summary>Messages between two looks at the clock.</summary>
    public const int Burst = 256;

    /// <summary>Messages under way to a receiver at most: half of what the clients let wait for a reader by default.</summary>
    public const int Window = 32_768;

    /// <summary>Messages between two acknowledgements.</summary>
    public const int AckEvery = 4096;

    public const string Publish = "publish";
    public const string Send = "send";
    public const string Receive = "receive";
    public const string Request = "request";
    public const string Respond = "respond";

    /// <summary>Written by a receiver or responder that has subscribed.</summary>
    public const string Ready = "ready";

    public static LoadPlan Parse(string[] arguments) => arguments is [string role, string server, string size, string warmup, string seconds, string inFlight]
        ? new LoadPlan(role, server, int.Parse(size, CultureInfo.InvariantCulture), Number(warmup), Number(seconds), int.Parse(inFlight, CultureInfo.InvariantCulture))
        : throw new CompareException("ROLE HOST:PORT SIZE WARMUP_SECONDS SECONDS IN_FLIGHT are needed");

    public string[] Arguments() => [Role, Server, Text(Size), Text(WarmupSeconds), Text(Seconds), Text(InFlight)];

    /// <summary>A usual message.</summary>
    public byte[] Payload()
    {
        byte[] payload = new byte[Size];
        payload.AsSpan().Fill(Usual);
        return payload;
    }

    /// <summary>The message that ends a phase of so many, itself included.</summary>
    public byte[] MarkOf(long count)
    {
        byte[] mark = new byte[Size];
        mark.AsSpan().Fill((byte)' ');
        mark[0] = Mark;
        count.TryFormat(mark.AsSpan(1), out _, default, CultureInfo.InvariantCulture);
        return mark;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
