using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Causeway.Bus.Tls;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.WebSockets;

namespace Causeway.Bus.WebSockets;

/// <summary>How a connection becomes a WebSocket: TLS if there is any, then one request and its answer, all in bounded time.</summary>
internal static class WebSocketHandshake
{
    /// <summary>Does TLS. Throws if it fails or takes too long, as <see cref="ClientTls.SecureAsync"/> does.</summary>
    public static async Task<SecureChannel?> SecureAsync(ClientTls tls, SslStream stream)
    {
        if (!tls.TryBegin())
        {
            throw new IOException("too many TLS handshakes are under way");
        }

        SecureChannel channel = await tls.SecureAsync(stream).ConfigureAwait(false);
        return channel with { MapsCertificate = tls.Options.VerifyAndMap };
    }

    /// <summary>Reads the request and answers it. Throws IOException if the client goes, <see cref="OperationCanceledException"/> if it takes too long.</summary>
    public static async Task<UpgradeAnswer> UpgradeAsync(Stream stream, UpgradeRules rules, CancellationToken timeout)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(UpgradeRequest.MaxHeadBytes);
        try
        {
            UpgradeAnswer answer = await ReadAsync(stream, buffer, rules, timeout).ConfigureAwait(false);
            await stream.WriteAsync(answer.ToBytes(), timeout).ConfigureAwait(false);
            await stream.FlushAsync(timeout).ConfigureAwait(false);
            return answer;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Ends a connection whose request was refused, so that the client reads the answer.
    /// </summary>
    public static async Task RefuseAsync(Stream stream, NetworkStream network, CancellationToken timeout)
    {
        if (stream is SslStream secure)
        {
            await secure.ShutdownAsync().WaitAsync(timeout).ConfigureAwait(false);
        }

        await Farewell.HearOutAsync(network, timeout).ConfigureAwait(false);
    }

    private static async Task<UpgradeAnswer> ReadAsync(Stream stream, byte[] buffer, UpgradeRules rules, CancellationToken timeout)
    {
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length, UpgradeRequest.MaxHeadBytes - length), timeout).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("the client has gone");
            }

            length += read;
            HeadStatus status = UpgradeRequest.TryRead(buffer.AsSpan(0, length), out UpgradeRequest? request, out int done);
            if (status == HeadStatus.Incomplete)
            {
                continue;
            }

            return request is null ? UpgradeAnswer.Refuse(status)
                : done < length ? UpgradeAnswer.Refuse(400, "there is more behind the request, which was not answered yet")
                : rules.Answer(request);
        }
    }
}
