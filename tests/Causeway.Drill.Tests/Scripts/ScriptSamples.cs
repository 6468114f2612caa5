namespace Causeway.Drill.Tests.Scripts;

/// <summary>A script that has everything, for tests to change.</summary>
internal static class ScriptSamples
{
    public const string Whole = """
        # The first line of a story.
        # And its second.
        name: sample
        description: A sample
        starts-at: "04:50"
        lasts: 10m
        time-scale: 60
        seed: 7
        regions: [east, west]
        nodes: 2
        memory-limit: 256MiB
        restart-after-death: 1m
        links:
          - between: [east, west]
            latency: 30ms
            jitter: 5ms
            rate: 1MiB
            queue: 64KiB
        load:
          east: {clients: 20, local: 100, global: 5, calls: 2, held: 10k, churn: 100, stuck: 1, payload: 300}
          west: {clients: 10, local: 50}
        steps:
          - at: "04:51"
            note: It begins.
            shape: {from: east, to: west, latency: 200ms}
          - at: 2m
            load: {region: east, held: 20k, over: 2m}
          - at: 3m
            stall: [east, west]
          - at: 4m
            unstall: [east, west]
          - at: 4m
            cut: [west, east]
          - at: 4m
            flap: {between: [east, west], times: 3, over: 1m, stall-for: 5s}
          - at: 5m
            kill: east/any
          - at: 5m
            restart: east/1
          - at: 6m
            add-node: west
          - at: 6m
            drain-node: west/2
          - at: 7m
            drain-region: west
          - at: 7m
            kill-region: east
          - at: 8m
            restart-region: east
          - at: 9m
            memory-limit: {region: east, bytes: 512MiB}
          - at: 9m
            note: A word alone.
        expect:
          - no-deaths
          - memory-within-budget
          - no-disorder
          - failover-within-budget
          - local-lost: 0
          - remote-lost: 1k
          - calls-failed: 1.5%
          - converged-within: 10s
          - clients-back-within: 20s
          - slow-consumers-closed: 1
          - limit-raised-live: east
          - scaled-out: west
          - alarm: {rule: memory_growth, cause-contains: room, region: east, by: 5m, before-exhaustion: 10m}
        """;
}
