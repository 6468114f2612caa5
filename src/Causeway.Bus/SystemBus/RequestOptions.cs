using System.Text.Json;
using Causeway.Bus.Monitoring;

namespace Causeway.Bus.SystemBus;

/// <summary>
/// The body of a request: options of the page, and who is asked, in nats-server's names. Empty for none. What is not known is ignored.
/// </summary>
internal sealed class RequestOptions
{
    private static readonly string[] States = ["open", "closed", "any"];

    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private RequestOptions()
    {
    }

    /// <summary>The options as parameters of a page.</summary>
    public PageQuery Query => new(_options.GetValueOrDefault);

    /// <summary>Tenants that are named.</summary>
    public IReadOnlyCollection<string>? Accounts { get; private set; }

    /// <summary>True if tenants without clients are wanted too.</summary>
    public bool IncludesUnused { get; private set; }

    /// <summary>Reads a body. Throws <see cref="JsonException"/> if it is no JSON object.</summary>
    public static RequestOptions Read(ReadOnlySpan<byte> body)
    {
        RequestOptions options = new();
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return options;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body.ToArray());
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("the options are no JSON object");
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                options.Take(property.Name, property.Value);
            }

            return options;
        }
        catch (InvalidOperationException fault)
        {
            // Text that is no UTF-8 is found only when it is read.
            throw new JsonException("the options have text that is no UTF-8", fault);
        }
    }

    /// <summary>Sets what the subject says, whatever the body does.</summary>
    public void SetAccount(string account) => _options["acc"] = account;

    /// <summary>Has subscriptions listed, whatever the body says.</summary>
    public void ListSubscriptions() => _options["subs"] = "1";

    /// <summary>True unless others than this node are asked: by parts of the name, host or region, or by the whole of them.</summary>
    public bool Asks(string name, string host, string region)
    {
        bool whole = _options.GetValueOrDefault("exact_match") == "true";
        return Fits("server_name", name) && Fits("host", host) && Fits("cluster", region);

        bool Fits(string option, string own) => _options.GetValueOrDefault(option) is not { Length: > 0 } asked
            || (whole ? own == asked : own.Contains(asked, StringComparison.Ordinal));
    }

    private void Take(string name, JsonElement value)
    {
        string text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => "",
        };
        switch (name)
        {
            case "subscriptions":
                _options.TryAdd("subs", text);
                break;
            case "subscriptions_detail" when text == "true":
                _options["subs"] = "detail";
                break;
            case "state":
                _options["state"] = int.TryParse(text, out int state) && state >= 0 && state < States.Length ? States[state] : text;
                break;
            case "account":
                _options["acc"] = text;
                break;
            case "name":
                _options["gw_name"] = text;
                break;
            case "include_unused":
                IncludesUnused = text == "true";
                break;
            case "accounts" when value.ValueKind == JsonValueKind.Array:
                Accounts = [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
                break;
            case "accounts":
                _options["accs"] = text;
                break;
            default:
                _options[name] = text;
                break;
        }
    }
}
