using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Calls;
using Causeway.Client.Rpc.Serving;
using Xunit;

namespace Causeway.Client.Tests.Rpc.Simulation;

/// <summary>
/// Callers and servers over a bus that delays, loses and doubles, with keys that move and servers that die: what was promised holds for
/// every call. Each seed is a story of its own and always the same.
/// </summary>
public sealed class RpcSimulationTests
{
    private const int Seeds = 300;
    private const int Callers = 3;
    private const int Keys = 12;
    private const int Calls = 250;
    private const int StoryMilliseconds = 20_000;
    private const int EndMilliseconds = 40_000;
    private const int Tick = 5;
    private const int DelayMax = 50;

    // A key has no server for this long when it moves: longer than any message is on its way, so that no call to all finds two.
    private const int MoveGap = 200;

    [Fact]
    public void Every_call_ends_once_and_in_time_and_runs_as_often_as_it_may()
    {
        long replied = 0;
        long forwarded = 0;
        long retried = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Story story = new(seed);
            story.Run();
            story.Check();
            replied += story.Replied;
            forwarded += story.Servers.Sum(server => server.Dispatcher.Counts.Forwarded);
            retried += story.AllCallers.Sum(caller => caller.Table.Counts.Retries);
        }

        // The stories are about something: most calls succeed, and what is rare does happen.
        Assert.InRange(replied, Seeds * Calls / 2, Seeds * Calls);
        Assert.True(forwarded > Seeds, $"{forwarded} were passed on");
        Assert.True(retried > Seeds, $"{retried} were sent again");
    }

    private sealed class Story
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly SimulatedBus _bus;
        private readonly Dictionary<int, int> _begun = [];
        private int _serverNumber;

        public Story(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _bus = new SimulatedBus(_random, seed % 3 == 0 ? 0 : 0.01, seed % 2 == 0 ? 0 : 0.02, DelayMax);
            AllCallers = [.. Enumerable.Range(0, Callers).Select(i => new SimulatedCaller(_bus, $"c{i}"))];
        }

        public SimulatedCaller[] AllCallers { get; }

        public List<SimulatedServer> Servers { get; } = [];

        public long Replied => AllCallers.Sum(caller => caller.Calls.Count(call => call.Replied));

        public void Run()
        {
            for (int i = 0; i < 4; i++)
            {
                AddServer();
            }

            for (int key = 0; key < Keys; key++)
            {
                Servers[key % 4].Keys.Add($"k{key}");
            }

            for (int id = 0; id < Calls; id++)
            {
                int number = id;
                _bus.After(_random.Next(StoryMilliseconds), () => Call(number));
            }

            for (int i = 0; i < 20; i++)
            {
                _bus.After(_random.Next(StoryMilliseconds), Move);
            }

            for (int i = 0; i < 3; i++)
            {
                _bus.After(_random.Next(StoryMilliseconds), Kill);
            }

            for (int time = 0; time < EndMilliseconds; time += Tick)
            {
                _bus.After(time, TickAll);
            }

            _bus.Run(EndMilliseconds);
        }

        public void Check()
        {
            foreach (SimulatedCaller.Ended call in AllCallers.SelectMany(caller => caller.Calls))
            {
                int begun = _begun.GetValueOrDefault(call.Id);
                string what = $"seed {_seed}, call {call.Id}: begun {begun} times, replied {call.Replied}, {call.Failure?.Code} {call.Failure?.Message}";
                bool gaveUp = call.Ends == 0;
                Assert.True(call.Ends == 1 || (gaveUp && call.Pending is null), what);
                Assert.True(call.EndedAt <= call.Deadline + Tick, what);
                Assert.True(gaveUp || call.Replied || call.Failure is not null, what);
                Assert.True(begun <= 1 || call.Idempotent, what);
                Assert.True(begun >= 1 || !call.Replied, what);
                Assert.True(begun == 0 || call.Failure is null or { MayHaveRun: true }, what);
            }

            foreach (CallCounts counts in AllCallers.Select(caller => caller.Table.Counts))
            {
                Assert.Equal((0, 0L, 0L), (counts.Pending, counts.PendingBytes, counts.DuplicateServers));
            }

            foreach (ServerCounts counts in Servers.Where(server => server.IsAlive).Select(server => server.Dispatcher.Counts))
            {
                Assert.Equal((0, 0, 0L, counts.Begun), (counts.Running, counts.Waiting, counts.WaitingBytes, counts.Ended));
            }
        }

        private void Call(int id)
        {
            SimulatedCaller caller = AllCallers[_random.Next(Callers)];
            RpcTarget target = _random.Next(8) switch
            {
                0 => RpcTarget.Any,
                1 or 2 => RpcTarget.Best($"k{_random.Next(Keys)}"),
                3 => RpcTarget.At(Servers[_random.Next(Servers.Count)].Address),
                _ => RpcTarget.Key($"k{_random.Next(Keys)}"),
            };
            SimulatedCaller.Ended call = caller.Call(id, target, _random.Next(2) == 0, _random.Next(100, 3000));
            if (_random.Next(20) == 0)
            {
                _bus.After(_random.Next(100), () =>
                {
                    if (call.Ends == 0)
                    {
                        caller.Table.Cancel(call.Pending!);
                        call.Pending = null;
                    }
                });
            }
        }

        private void Move()
        {
            string key = $"k{_random.Next(Keys)}";
            SimulatedServer to = Living();
            if (Servers.Find(server => server.IsAlive && server.Keys.Serves(key)) is { } from && from != to)
            {
                _ = _random.Next(2) == 0 ? from.Keys.Remove(key) : from.Keys.Move(key, to.Address, _bus.Now);
                _bus.After(MoveGap, () => Settle(key, to));
            }
        }

        private void Kill()
        {
            SimulatedServer dying = Living();
            string[] keys = [.. Enumerable.Range(0, Keys).Select(key => $"k{key}").Where(dying.Keys.Serves)];
            AddServer();
            dying.Die();
            Array.ForEach(keys, key => _bus.After(MoveGap, () => Settle(key, Living())));
        }

        private void Settle(string key, SimulatedServer server)
        {
            SimulatedServer at = server.IsAlive ? server : Living();
            Assert.DoesNotContain(Servers, other => other.IsAlive && other.Keys.Serves(key));
            at.Keys.Add(key);
        }

        private SimulatedServer Living()
        {
            SimulatedServer[] living = [.. Servers.Where(server => server.IsAlive)];
            return living[_random.Next(living.Length)];
        }

        private void AddServer() => Servers.Add(new SimulatedServer(
            _bus, $"s{_serverNumber++}", _random, id => _begun[id] = _begun.GetValueOrDefault(id) + 1));

        private void TickAll()
        {
            foreach (SimulatedCaller caller in AllCallers)
            {
                caller.Table.Tick(_bus.Now);
            }

            foreach (SimulatedServer server in Servers.Where(server => server.IsAlive))
            {
                server.Dispatcher.Tick(_bus.Now);
            }
        }
    }
}
