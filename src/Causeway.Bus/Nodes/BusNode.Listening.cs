using System.Net;
using Causeway.Bus.Tls;
using Causeway.Bus.WebSockets;
using Causeway.Core.Protocol;

namespace Causeway.Bus.Nodes;

/// <summary>What concerns the ways to the node.</summary>
public sealed partial class BusNode
{
    private IReadOnlyList<string> _urls = [];
    private IReadOnlyList<string> _webSocketUrls = [];

    /// <summary>Where clients connect over WebSockets; null if they don't.</summary>
    public IPEndPoint? WebSocketAddress => WebSockets?.Listener.Address;

    /// <summary>How clients come over WebSockets; null if they don't.</summary>
    internal WebSocketReception? WebSockets { get; }

    /// <summary>
    /// Reads the files of <paramref name="options"/>, and those for WebSockets, and returns what makes them hold for new connections. Throws
    /// <see cref="ArgumentException"/>, with nothing changed, if they can't be used, or if TLS would begin or end with them.
    /// </summary>
    public Action PrepareTls(TlsOptions? options, TlsOptions? webSocket = null)
    {
        bool isRequiredAsBefore = options is null || Context.Info.TlsRequired == !options.AllowNonTls;
        if ((options is null) != (Tls is null) || (webSocket is null) != (WebSockets?.Tls is null) || !isRequiredAsBefore)
        {
            throw new ArgumentException("whether clients have to, may or can't use TLS takes a restart to change");
        }

        TlsCredentials? read = options is null ? null : TlsCredentials.Load(options);
        TlsCredentials? readForWebSocket = webSocket is null ? null : TlsCredentials.Load(webSocket);
        return () =>
        {
            Tls?.Use(read!);
            WebSockets?.Tls?.Use(readForWebSocket!);
        };
    }

    /// <summary>Tells clients where else they can connect: each kind only of what concerns it.</summary>
    private void OnClientUrls(IReadOnlyList<string> urls, IReadOnlyList<string> webSocketUrls)
    {
        bool differ;
        bool webSocketsDiffer;
        lock (_telling)
        {
            (_urls, _webSocketUrls) = (urls, webSocketUrls);
            (ServerInfo before, ServerInfo after) = (Context.Info, InfoToTell());
            differ = !after.ConnectUrls.SequenceEqual(before.ConnectUrls);
            webSocketsDiffer = after.WebSocket is { } place && !place.ConnectUrls.SequenceEqual(before.WebSocket!.ConnectUrls);
            if (!differ && !webSocketsDiffer)
            {
                return;
            }

            Context.Info = after;
        }

        Connections.TellInfo(isWebSocket => isWebSocket ? webSocketsDiffer : differ);
    }

    /// <summary>What INFO has to say by what is known now. The region's URLs begin with the own one.</summary>
    private ServerInfo InfoToTell() => Context.Info with
    {
        ConnectUrls = Others(_urls, alone: []),
        WebSocket = Context.Info.WebSocket is { } place ? place with { ConnectUrls = Others(_webSocketUrls, alone: Advertised) } : null,
    };

    /// <summary>All URLs, as long as the node stays. One that leaves tells of the others, one alone has no other to tell of.</summary>
    private IReadOnlyList<string> Others(IReadOnlyList<string> urls, IReadOnlyList<string> alone) => IsLeaving ? [.. urls.Skip(1)] : urls.Count <= 1 ? alone : urls;

    private IReadOnlyList<string> Advertised => Options.WebSocket is { Advertise: { Length: > 0 } url } ? [url] : [];

    private WebSocketReception Listen(WebSocketOptions options)
    {
        WebSocketReception webSockets = new(options, Context, () => Reception, Errors, _log);
        Context.Info = Context.Info with { WebSocket = WebSocketReception.PlaceOf(options, webSockets.Listener.Address) };
        return webSockets;
    }

    private void StopListening()
    {
        _listener.Stop();
        WebSockets?.Stop();
    }
}
