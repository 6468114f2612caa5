using System.Text;
using Causeway.Core.WebSockets;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.WebSockets;

public sealed class UpgradeTests
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private static readonly string Good = Head("GET / HTTP/1.1");

    [Fact]
    public void The_key_of_the_standard_has_the_answer_of_the_standard() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", UpgradeRules.AcceptKey(Key));

    [Fact]
    public void A_good_request_is_accepted_whatever_its_path_and_the_order_and_case_of_its_fields()
    {
        Assert.Equal(101, Ask(Good).Status);
        Assert.Equal(101, Ask(Head("GET /any?thing=1 HTTP/1.1")).Status);
        Assert.Equal(101, Ask($"GET / HTTP/1.1\r\nSEC-WEBSOCKET-VERSION: 13\r\nsec-websocket-key:{Key}\t\r\nconnection: keep-alive, upgrade\r\nupgrade: WebSocket\r\nhost: a\r\n\r\n").Status);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1", "", "", 405)]
    [InlineData("GET /leafnode HTTP/1.1", "", "", 404)]
    [InlineData("GET /mqtt HTTP/1.1", "", "", 404)]
    [InlineData("GET / HTTP/1.0", "", "", 400)]
    [InlineData("GET  / HTTP/1.1", "", "", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "Host: a\r\nHost: b\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Upgrade: websocket\r\n", "Upgrade: h2c\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Connection: Upgrade\r\n", "Connection: close\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 8\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Sec-WebSocket-Key: " + Key + "\r\n", "", 400)]
    [InlineData("GET / HTTP/1.1", "Sec-WebSocket-Key: " + Key + "\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "Host: a\r\n folded: b\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "Host : a\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "Host: a\0\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "Host: a\r\nContent-Length: 1\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a:80\r\n", "Host: a\r\nTransfer-Encoding: chunked\r\n", 400)]
    public void What_is_wrong_has_its_status(string first, string instead, string with, int status)
    {
        string head = Head(first);
        UpgradeAnswer answer = Ask(instead.Length > 0 ? head.Replace(instead, with, StringComparison.Ordinal) : head);

        Assert.Equal(status, answer.Status);
        Assert.NotEqual("", answer.Fault);
        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.ASCII.GetString(answer.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_large_is_refused_at_its_limit()
    {
        string fields = string.Concat(Enumerable.Range(0, UpgradeRequest.MaxFields - 5).Select(number => $"X-{number}: a\r\n"));
        Assert.Equal(101, Ask(Head("GET / HTTP/1.1", fields)).Status);
        Assert.Equal(431, Ask(Head("GET / HTTP/1.1", fields + "X: a\r\n")).Status);
        int room = UpgradeRequest.MaxHeadBytes - Head("GET / HTTP/1.1", "X: \r\n").Length;
        Assert.Equal(101, Ask(Head("GET / HTTP/1.1", $"X: {new string('a', room)}\r\n")).Status);
        Assert.Equal(431, Ask(Head("GET / HTTP/1.1", $"X: {new string('a', room + 1)}\r\n")).Status);
    }

    [Theory]
    [InlineData(false, "", "https://evil.example", 101)]
    [InlineData(true, "", "", 101)]
    [InlineData(true, "", "http://A:80", 101)]
    [InlineData(true, "", "http://a", 101)]
    [InlineData(true, "", "http://a:81", 403)]
    [InlineData(true, "", "https://a", 403)]
    [InlineData(true, "", "null", 403)]
    [InlineData(false, "https://good.example", "https://good.example:443", 101)]
    [InlineData(false, "https://good.example", "http://good.example", 403)]
    [InlineData(false, "https://good.example", "https://good.example.evil", 403)]
    [InlineData(false, "https://good.example", "https://user@good.example", 403)]
    [InlineData(true, "http://a", "http://a", 101)]
    [InlineData(true, "http://b", "http://a", 403)]
    public void Origins_are_checked_as_the_rules_say(bool same, string allowed, string origin, int status)
    {
        UpgradeRules rules = new() { SameOrigin = same, AllowedOrigins = WebOrigin.TryParse(allowed, out WebOrigin one) ? [one] : [] };

        Assert.Equal(status, Ask(Head("GET / HTTP/1.1", origin.Length > 0 ? $"Origin: {origin}\r\n" : ""), rules).Status);
    }

    [Theory]
    [InlineData("permessage-deflate", true)]
    [InlineData("permessage-deflate; client_max_window_bits", true)]
    [InlineData("foo, permessage-deflate; server_no_context_takeover; client_no_context_takeover", true)]
    [InlineData("permessage-deflate; server_max_window_bits=9, permessage-deflate", true)]
    [InlineData("permessage-deflate; server_max_window_bits=9", false)]
    [InlineData("permessage-deflate; unknown", false)]
    [InlineData("x-webkit-deflate-frame", false)]
    public void Compression_is_agreed_on_only_if_it_is_offered_so_that_it_can_be_kept(string offer, bool compresses)
    {
        string head = Head("GET / HTTP/1.1", $"Sec-WebSocket-Extensions: {offer}\r\n");

        UpgradeAnswer answer = Ask(head, new UpgradeRules { Compression = true });

        Assert.Equal((101, compresses), (answer.Status, answer.Compresses));
        Assert.Equal(compresses, Encoding.ASCII.GetString(answer.ToBytes()).Contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n", StringComparison.Ordinal));
        Assert.False(Ask(head, new UpgradeRules()).Compresses);
    }

    [Fact]
    public void A_request_is_read_only_when_it_is_whole_and_nothing_behind_it()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Good + "behind");
        for (int length = 0; length < Good.Length; length++)
        {
            Assert.Equal(HeadStatus.Incomplete, UpgradeRequest.TryRead(bytes.AsSpan(0, length), out UpgradeRequest? none, out _));
            Assert.Null(none);
        }

        Assert.Equal(HeadStatus.Complete, UpgradeRequest.TryRead(bytes, out UpgradeRequest? request, out int done));
        Assert.Equal((Good.Length, "GET", "/"), (done, request!.Method, request.Target));
    }

    [Fact]
    public void Any_bytes_are_answered_and_never_thrown_over() =>
        Gen.Byte.Array[0, 600].Sample(bytes => Survive([.. bytes, .. "\r\n\r\n"u8]));

    [Fact]
    public void Good_requests_with_changed_bytes_are_answered_and_never_thrown_over() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte).Array[1, 8].Sample(changes =>
        {
            byte[] bytes = Encoding.Latin1.GetBytes(Head("GET / HTTP/1.1", "Origin: http://a\r\nSec-WebSocket-Extensions: permessage-deflate; a=b\r\n"));
            foreach ((int at, byte value) in changes)
            {
                bytes[at % bytes.Length] = value;
            }

            Survive(bytes);
        });

    private static void Survive(byte[] bytes)
    {
        HeadStatus status = UpgradeRequest.TryRead(bytes, out UpgradeRequest? request, out int done);
        Assert.Equal(status == HeadStatus.Complete, request is not null);
        Assert.InRange(done, 0, Math.Min(bytes.Length, UpgradeRequest.MaxHeadBytes));
        if (request is not null)
        {
            UpgradeAnswer answer = new UpgradeRules { SameOrigin = true, Compression = true }.Answer(request);
            Assert.Contains(answer.Status, (int[])[101, 400, 403, 404, 405]);
            Assert.InRange(answer.ToBytes().Length, 50, 400);
        }
    }

    private static UpgradeAnswer Ask(string head, UpgradeRules? rules = null)
    {
        HeadStatus status = UpgradeRequest.TryRead(Encoding.Latin1.GetBytes(head), out UpgradeRequest? request, out _);
        return request is null ? UpgradeAnswer.Refuse(status) : (rules ?? new UpgradeRules()).Answer(request);
    }

    private static string Head(string first, string more = "") =>
        $"{first}\r\nHost: a:80\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n{more}\r\n";
}
