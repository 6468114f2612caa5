using System.Globalization;
using Causeway.Core.Tests.Subjects;
using CsCheck;

namespace Causeway.Core.Tests.Routing;

internal enum BusStepKind
{
    Subscribe,
    Unsubscribe,
    Publish,
    Options,
    Ping,
    Disconnect,
}

/// <summary>One thing that one client does.</summary>
internal sealed record BusStep(BusStepKind Kind, int Client)
{
    public const int Clients = 4;

    public string Subject { get; init; } = "";

    /// <summary>The queue group of a subscription.</summary>
    public string Queue { get; init; } = "";

    public string Sid { get; init; } = "";

    public string Reply { get; init; } = "";

    public string Payload { get; init; } = "";

    /// <summary>The max of UNSUB; for options, bits for verbose, echo, headers and no-responders; for a message, its header's length.</summary>
    public int Number { get; init; }

    public static Gen<BusStep> Any { get; } = Gen.Frequency<BusStep>(
        (8, Gen.Select(Client_, SubjectGen.Any, Gen.Frequency((3, ""), (1, "q"), (1, "p")), Sid_, (client, subject, queue, sid) =>
            new BusStep(BusStepKind.Subscribe, client) { Subject = subject, Queue = queue, Sid = sid })),
        (1, Gen.Select(Client_, Gen.OneOf("a..b", ".", "a.>.b"), Sid_, (client, subject, sid) =>
            new BusStep(BusStepKind.Subscribe, client) { Subject = subject, Sid = sid })),
        (3, Gen.Select(Client_, Sid_, Gen.Int[0, 4], (client, sid, max) => new BusStep(BusStepKind.Unsubscribe, client) { Sid = sid, Number = max })),
        (20, Gen.Select(Client_, SubjectGen.Published, Gen.Frequency<string>((2, Gen.Const("")), (1, SubjectGen.Published)), Payload_, Gen.Int[0, 6],
            (client, subject, reply, payload, header) => new BusStep(BusStepKind.Publish, client)
            {
                Subject = subject,
                Reply = reply,
                Payload = payload,
                Number = Math.Min(payload.Length, Math.Max(0, header - 3)),
            })),
        (1, Gen.Select(Client_, Gen.Int[0, 15], (client, bits) => new BusStep(BusStepKind.Options, client) { Number = bits })),
        (1, Client_.Select(client => new BusStep(BusStepKind.Ping, client))),
        (1, Client_.Select(client => new BusStep(BusStepKind.Disconnect, client))));

    private static Gen<int> Client_ => Gen.Int[0, Clients - 1];

    private static Gen<string> Sid_ => Gen.OneOf("1", "2", "3", "4", "5");

    private static Gen<string> Payload_ => Gen.OneOf("", "x", "hello", "\r\n", "MSG a 1 0\r\n");

    /// <summary>The line that says it, for a client that does headers or not.</summary>
    public string Line(bool headers) => Kind switch
    {
        BusStepKind.Subscribe => $"SUB {Subject} {(Queue.Length > 0 ? Queue + " " : "")}{Sid}\r\n",
        BusStepKind.Unsubscribe => $"UNSUB {Sid}{(Number > 0 ? " " + Number.ToString(CultureInfo.InvariantCulture) : "")}\r\n",
        BusStepKind.Publish when Number > 0 && headers => $"HPUB {Subject} {Spaced(Reply)}{Number} {Payload.Length}\r\n{Payload}\r\n",
        BusStepKind.Publish => $"PUB {Subject} {Spaced(Reply)}{Payload.Length}\r\n{Payload}\r\n",
        BusStepKind.Options => $"CONNECT {{\"verbose\":{Flag(1)},\"echo\":{Flag(2)},\"headers\":{Flag(4)},\"no_responders\":{(Flag(4) == "true" ? Flag(8) : "false")}}}\r\n",
        BusStepKind.Ping => "PING\r\n",
        _ => "",
    };

    /// <summary>What a subscription gets of the message, if its publisher does headers.</summary>
    public string FrameFor(ModelSubscription subscription, bool receiverHasHeaders, bool publisherHasHeaders)
    {
        int header = publisherHasHeaders ? Number : 0;
        string start = $"MSG {Subject} {subscription.Sid} {Spaced(Reply)}";
        return header > 0 && receiverHasHeaders
            ? $"H{start}{header} {Payload.Length}\r\n{Payload}\r\n"
            : $"{start}{Payload.Length - header}\r\n{Payload[header..]}\r\n";
    }

    public override string ToString() => Kind == BusStepKind.Disconnect ? $"{Client}: gone" : $"{Client}: {Support.Wire.Literal(Support.Wire.Bytes(Line(true)))}";

    private static string Spaced(string text) => text.Length > 0 ? text + " " : "";

    private string Flag(int bit) => (Number & bit) != 0 ? "true" : "false";
}
