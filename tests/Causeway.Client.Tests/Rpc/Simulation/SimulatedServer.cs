using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Serving;
using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Tests.Rpc.Simulation;

/// <summary>A server whose handlers take a time by chance, and that counts which calls it began.</summary>
internal sealed class SimulatedServer
{
    public const int Concurrency = 2;
    public const int Queued = 4;

    private readonly SimulatedBus _bus;
    private readonly Random _random;
    private readonly IRpcWire _wire;
    private readonly Action<int> _began;

    public SimulatedServer(SimulatedBus bus, string address, Random random, Action<int> began)
    {
        _bus = bus;
        _random = random;
        _began = began;
        Address = address;
        _wire = bus.WireOf(this);
        Dispatcher = new Dispatcher(_wire, address, new RpcLimits(), Run);
        Keys = Dispatcher.Add("svc", new Dictionary<string, MethodQueue> { ["m"] = new MethodQueue("m", Concurrency, Queued, 1 << 20) }, RpcAffinities.LeastLoaded).Keys;
        bus.Subscribe(this, RpcSubjects.At(address), false, (in RpcMessage message) => Dispatcher.OnAddressed(message, bus.Now));
        bus.Subscribe(this, RpcSubjects.Any("svc"), true, (in RpcMessage message) => Dispatcher.OnAny(message, bus.Now));
        bus.Subscribe(this, RpcSubjects.All("svc"), false, (in RpcMessage message) => Dispatcher.OnAll("svc", message, bus.Now));
    }

    public string Address { get; }

    public Dispatcher Dispatcher { get; }

    public KeyTable Keys { get; }

    public bool IsAlive { get; private set; } = true;

    public void Die()
    {
        IsAlive = false;
        _bus.Remove(this);
    }

    private void Run(ServerCall call)
    {
        _began(BitConverter.ToInt32(call.Payload));
        _bus.After(_random.Next(20) == 0 ? 4000 : _random.Next(300), () =>
        {
            if (!IsAlive)
            {
                return;
            }

            if (call.TryAnswer())
            {
                _wire.TrySend(call.ReplyTo!, null, new RpcHeader(RpcKind.Done) { From = Address }, call.Payload);
            }

            Dispatcher.Completed(call, _bus.Now);
        });
    }
}
