using System.Diagnostics;
using Causeway.Client;
using Causeway.Client.Health;
using Causeway.Client.Hosting;
using Causeway.Client.Serialization;
using Causeway.Client.Telemetry;
using Causeway.Samples.Web;
using OpenTelemetry;
using OpenTelemetry.Trace;

// A web API whose answers come over the bus, from a worker in the same process here and from any other in earnest. Start a server first
// (./causeway serve), then: dotnet run -- --urls http://127.0.0.1:5000 --Causeway:Servers nats://127.0.0.1:4222
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddCausewayClient(builder.Configuration.GetSection("Causeway"));
builder.Services.AddHealthChecks().AddCauseway();
builder.Services.AddHostedService<PriceWorker>();
builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
    .AddSource("Microsoft.AspNetCore", ClientTelemetry.ActivitySourceName)
    .AddProcessor(new SimpleActivityExportProcessor(new ConsoleSpans())));

WebApplication app = builder.Build();
app.MapHealthChecks("/readyz", new() { Predicate = check => check.Tags.Contains(BusHealthChecks.ReadyTag) });
app.MapHealthChecks("/healthz", new() { Predicate = _ => false });
app.MapGet("/prices/{item}", async (string item, BusClient bus, CancellationToken cancelled) =>
{
    try
    {
        string price = await bus.RequestAsync("prices.ask", item, MessageSerializers.Utf8, MessageSerializers.Utf8, cancellationToken: cancelled);
        return Results.Text($"{item} costs {price}, trace {Activity.Current?.TraceId}\n");
    }
    catch (Exception fault) when (fault is NoRespondersException or TimeoutException or BusConnectionException)
    {
        return Results.Text($"{fault.Message}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
});
await app.RunAsync();
