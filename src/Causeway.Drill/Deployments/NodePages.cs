using System.Text.Json;

namespace Causeway.Drill.Deployments;

/// <summary>Reads nodes' monitoring pages, which are JSON for both buses. Thread-safe.</summary>
internal static class NodePages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Patience };

    /// <summary>A page; null if the node does not give it in time.</summary>
    public static async Task<JsonDocument?> ReadAsync(DeploymentNode node, string page, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync(new Uri(node.MonitoringUrl, page), cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsNoAnswer(fault, cancellationToken))
        {
            return null;
        }
    }

    /// <summary>Puts text to a page; what was wrong with it, or null if it was taken.</summary>
    public static async Task<string?> PutAsync(DeploymentNode node, string page, string text, CancellationToken cancellationToken)
    {
        try
        {
            using StringContent body = new(text);
            using HttpResponseMessage answer = await Http.PutAsync(new Uri(node.MonitoringUrl, page), body, cancellationToken).ConfigureAwait(false);
            string words = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : $"{answer.StatusCode}: {words.Trim()}";
        }
        catch (Exception fault) when (IsNoAnswer(fault, cancellationToken))
        {
            return fault.Message;
        }
    }

    /// <summary>The sum of the number <paramref name="field"/> over the elements; those without it count nothing.</summary>
    public static long Sum(IEnumerable<JsonElement> elements, string field) =>
        elements.Sum(element => element.TryGetProperty(field, out JsonElement number) && number.ValueKind == JsonValueKind.Number ? (long)number.GetDouble() : 0);

    /// <summary>The elements of the array <paramref name="field"/>; none if there is no such array.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : [];

    private static bool IsNoAnswer(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or JsonException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
