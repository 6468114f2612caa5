using System.Globalization;
using System.Text;
using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Calls;
using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Tests.Rpc.Simulation;

/// <summary>A caller that keeps how each of its calls ended.</summary>
internal sealed class SimulatedCaller
{
    private readonly SimulatedBus _bus;

    public SimulatedCaller(SimulatedBus bus, string name)
    {
        _bus = bus;
        string inbox = $"_INBOX.{name}";
        Table = new CallTable(bus.WireOf(this), name, inbox, new RpcLimits());
        bus.Subscribe(this, $"{inbox}.*", false, (in RpcMessage message) =>
            Table.OnMessage(long.Parse(Encoding.UTF8.GetString(message.Subject)[(inbox.Length + 1)..], CultureInfo.InvariantCulture), message, bus.Now));
    }

    public CallTable Table { get; }

    public List<Ended> Calls { get; } = [];

    public Ended Call(int id, RpcTarget target, bool idempotent, int timeout)
    {
        Ended ended = new(_bus, id, idempotent, _bus.Now + timeout);
        ended.Pending = new PendingCall
        {
            Service = "svc",
            Method = "svc.m",
            Target = target,
            Payload = BitConverter.GetBytes(id),
            Sink = ended,
            Deadline = ended.Deadline,
            Idempotent = idempotent,
        };
        Calls.Add(ended);
        Table.TryBegin(ended.Pending, _bus.Now);
        return ended;
    }

    internal sealed class Ended(SimulatedBus bus, int id, bool idempotent, long deadline) : ICallSink
    {
        public int Id => id;

        public bool Idempotent => idempotent;

        public long Deadline => deadline;

        public PendingCall? Pending { get; set; }

        public int Ends { get; private set; }

        public long EndedAt { get; private set; }

        public bool Replied { get; private set; }

        public RpcException? Failure { get; private set; }

        public void Done(string server, ReadOnlySpan<byte> payload)
        {
            End();
            Replied = BitConverter.ToInt32(payload) == id;
        }

        public void Failed(Exception reason)
        {
            End();
            Failure = (RpcException)reason;
        }

        private void End()
        {
            Ends++;
            EndedAt = bus.Now;
        }
    }
}
