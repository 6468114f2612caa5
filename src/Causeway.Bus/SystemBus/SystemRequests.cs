using System.Text.Json;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Core.Health;
using Causeway.Core.Routing;

namespace Causeway.Bus.SystemBus;

/// <summary>Answers the questions of the system tenant by the node's pages. One at a time.</summary>
internal sealed class SystemRequests(BusNode node, NodePages pages, SystemJson json)
{
    private const int BadRequest = 400;
    private const int Failed = 500;

    // nats-server's name for all of them, in the place of an account's.
    private const string AllAccounts = "PING";

    /// <summary>The answer to a question on <paramref name="subject"/>; null if it is not for this node, or for nobody.</summary>
    public Task<byte[]?> AnswerAsync(string subject, ReadOnlyMemory<byte> body) =>
        SystemSubjects.Read(subject) is (string account, string kind) ? AnswerAsync(account, kind, body, asksAll: account == AllAccounts) : Task.FromResult<byte[]?>(null);

    /// <summary>
    /// The answer to a question of a <paramref name="kind"/> about an account, or about the server if that is empty; null if it is not for this
    /// node. With <paramref name="asksAll"/> statistics are those of all accounts that the body wants.
    /// </summary>
    public async Task<byte[]?> AnswerAsync(string account, string kind, ReadOnlyMemory<byte> body, bool asksAll)
    {
        try
        {
            RequestOptions options = RequestOptions.Read(body.Span);
            if (!options.Asks(node.Info.ServerName, node.Info.Host, node.Options.Links?.Region ?? ""))
            {
                return null;
            }

            byte[]? answer = account.Length == 0
                ? await AnswerServerAsync(kind, options).ConfigureAwait(false)
                : await AnswerAccountAsync(account, kind, options, asksAll).ConfigureAwait(false);
            return answer is null || answer.Length <= node.Info.MaxPayloadBytes ? answer : Error(Failed, PagePart.Fault(node.Info.MaxPayloadBytes));
        }
        catch (JsonException fault)
        {
            return Error(BadRequest, fault.Message);
        }
        catch (Exception fault) when (fault is PageQueryException or TimeoutException)
        {
            return Error(Failed, fault.Message);
        }
    }

    private async Task<byte[]?> AnswerServerAsync(string kind, RequestOptions options) => kind switch
    {
        "STATSZ" => await json.StatsAsync().ConfigureAwait(false),
        "HEALTHZ" => await HealthAsync().ConfigureAwait(false),
        _ => Envelope(await PageAsync(SystemSubjects.ServerKinds[kind], options.Query).ConfigureAwait(false)),
    };

    private async Task<byte[]?> AnswerAccountAsync(string account, string kind, RequestOptions options, bool asksAll)
    {
        if (kind == "STATZ")
        {
            IReadOnlyCollection<string>? named = asksAll ? options.Accounts : [account];
            return Envelope(SystemJson.Write(page => pages.AccountStats.Write(page, options.IncludesUnused, named)));
        }

        Tenant tenant = pages.Accounts.Find(account);
        switch (kind)
        {
            case "INFO":
                return Envelope(SystemJson.Write(page => pages.Accounts.WriteDetail(page, tenant)));
            case "CONNS":
                // As nats-server, a node that has no clients of it keeps still.
                return tenant.Connections > 0 ? json.Connections(tenant, DateTimeOffset.UtcNow) : null;
            default:
                options.SetAccount(account);
                if (kind == "SUBSZ")
                {
                    // As nats-server, which lists them whatever the body says.
                    options.ListSubscriptions();
                }

                return Envelope(await PageAsync(SystemSubjects.AccountKinds[kind], options.Query).ConfigureAwait(false));
        }
    }

    private async Task<byte[]> HealthAsync()
    {
        (HealthVerdict verdict, _) = await node.Health.AskAsync().ConfigureAwait(false);
        return Envelope(SystemJson.Write(page =>
        {
            page.WriteStartObject();
            page.WriteString("status", verdict.IsAlive ? "ok" : "unavailable");
            page.WriteIfSaid("error", string.Join("; ", verdict.Deaths));
            page.WriteEndObject();
        }));
    }

    private async Task<byte[]> PageAsync(string path, PageQuery query)
    {
        PagePart page = new(node.Info.MaxPayloadBytes);
        using (Utf8JsonWriter writer = new(page))
        {
            await pages.Find(path)!(writer, query).ConfigureAwait(false);
        }

        return page.Written.ToArray();
    }

    private byte[] Envelope(byte[] data) => SystemJson.Write(answer =>
    {
        answer.WriteStartObject();
        json.WriteServer(answer, "server");
        answer.WritePropertyName("data");
        answer.WriteRawValue(data, skipInputValidation: true);
        answer.WriteEndObject();
    });

    private byte[] Error(int code, string description) => SystemJson.Write(answer =>
    {
        answer.WriteStartObject();
        json.WriteServer(answer, "server");
        answer.WriteNull("data");
        answer.WriteStartObject("error");
        answer.WriteNumber("code", code);
        answer.WriteString("description", description);
        answer.WriteEndObject();
        answer.WriteEndObject();
    });
}
