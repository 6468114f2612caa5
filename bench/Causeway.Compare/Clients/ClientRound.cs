using System.Diagnostics;
using System.Globalization;

namespace Causeway.Compare.Clients;

/// <summary>One load with one client on a server that runs: starts the client's processes and reads their figures.</summary>
internal sealed class ClientRound(ClientScenario scenario, ClientProgram program, int port, ClientSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public Measurement Run() => scenario.Kind switch
    {
        ClientLoadKind.Publish => Alone(LoadPlan.Publish),
        ClientLoadKind.OneToOne => Pair(LoadPlan.Receive, LoadPlan.Send),
        ClientLoadKind.FanIn => FanIn(),
        _ => Pair(LoadPlan.Respond, LoadPlan.Request),
    };

    private Measurement Alone(string role)
    {
        using ChildProcess process = Start(role);
        return Of(Figures(process, role));
    }

    /// <summary>The process that is ready first, and the one that makes the load; the rate is that of what has arrived.</summary>
    private Measurement Pair(string readyRole, string loadRole)
    {
        using ChildProcess ready = Start(readyRole);
        WaitUntilReady(ready, readyRole);
        using ChildProcess load = Start(loadRole);
        LoadFigures loading = FiguresOfPair(load, loadRole, ready, readyRole, out LoadFigures other);
        Measurement measurement = Of(loading);
        measurement.Set(Metric.OtherCpuUs, other.CpuUs);
        measurement.Set(Metric.OtherRssBytes, other.RssBytes);
        return measurement;
    }

    private static LoadFigures FiguresOfPair(ChildProcess load, string loadRole, ChildProcess ready, string readyRole, out LoadFigures other)
    {
        // Where the other has failed the load waits for it in vain, and it is the other that knows why.
        long start = Stopwatch.GetTimestamp();
        while (!load.WaitForExit(Glance) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            if (ready.HasExited && ready.ExitCode != 0)
            {
                break;
            }
        }

        other = load.HasExited && load.ExitCode != 0 ? throw Failure(load, loadRole) : Figures(ready, readyRole);
        return Figures(load, loadRole);
    }

    private Measurement FanIn()
    {
        using ChildProcess receiver = Start(LoadPlan.Receive);
        WaitUntilReady(receiver, LoadPlan.Receive);
        double heldBack;
        try
        {
            using FanInLoad load = new(port, Plan(LoadPlan.Receive));
            heldBack = load.Run();
        }
        catch (CompareException e) when (receiver.HasExited)
        {
            throw new CompareException($"{e.Message}; the receiver: {receiver.Errors}");
        }

        Measurement measurement = Of(Figures(receiver, LoadPlan.Receive));
        measurement.Set(Metric.HeldBackShare, heldBack);
        return measurement;
    }

    private static Measurement Of(LoadFigures figures)
    {
        Measurement measurement = new();
        measurement.Set(Metric.Rate, figures.Rate);
        measurement.Set(Metric.CpuUs, figures.CpuUs);
        measurement.Set(Metric.RssBytes, figures.RssBytes);
        if (figures is { P50Us: { } p50, P99Us: { } p99 })
        {
            measurement.Set(Metric.P50Us, p50);
            measurement.Set(Metric.P99Us, p99);
        }

        return measurement;
    }

    private LoadPlan Plan(string role) => new(
        role, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), scenario.Size, settings.WarmupSeconds, settings.Seconds, scenario.InFlight);

    private ChildProcess Start(string role) => ChildProcess.Start([.. program.Command, .. Plan(role).Arguments()]);

    private static void WaitUntilReady(ChildProcess process, string role)
    {
        long start = Stopwatch.GetTimestamp();
        while (!process.Output.StartsWith(LoadPlan.Ready, StringComparison.Ordinal))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new CompareException($"the {role} program did not get ready: {process.Errors}");
            }

            Thread.Sleep(1);
        }
    }

    private static LoadFigures Figures(ChildProcess process, string role)
    {
        if (!process.WaitForExit(Patience))
        {
            throw new CompareException($"the {role} program did not end: {process.Errors}");
        }

        return process.ExitCode == 0 ? LoadFigures.Parse(process.Output) : throw Failure(process, role);
    }

    private static CompareException Failure(ChildProcess process, string role) =>
        new($"the {role} program ended with code {process.ExitCode}: {process.Errors}");
}
