using Causeway.Bus.Health;

namespace Causeway.Bus.Tests.Health;

/// <summary>Health that looks and reports often, so that tests need not wait for seconds.</summary>
internal static class Quick
{
    public static readonly HealthOptions Health = new()
    {
        LookInterval = TimeSpan.FromMilliseconds(20),
        ReportInterval = TimeSpan.FromMilliseconds(50),
        BusDeadline = TimeSpan.FromMilliseconds(400),
    };
}
