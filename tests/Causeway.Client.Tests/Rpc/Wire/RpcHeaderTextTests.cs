using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Wire;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Rpc.Wire;

public sealed class RpcHeaderTextTests
{
    private static readonly Gen<string> Token = Gen.Char["abcXYZ019-_."].Array[1, 20].Select(chars => new string(chars));
    [ThreadStatic]
    private static WordCache? _known;

    private static readonly Gen<string> Line = Gen.Char["ab c:ü/"].Array[0, 20].Select(chars => new string(chars).Trim());

    // The same for all: what was read before must not show in what is read later.
    private static WordCache Known => _known ??= new WordCache();

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Enum<RpcKind>(), Token, Line, Gen.Long[0, long.MaxValue], Gen.Enum<RpcCode>(), Gen.Int[0, 7], Gen.Bool)
            .Sample((kind, token, line, number, code, flags, ran) =>
            {
                RpcHeader full = new(kind)
                {
                    Id = new CallId(token, number),
                    From = token.Replace('.', '-'),
                    Method = token,
                    Key = line,
                    Text = line,
                    Stream = number,
                    Sequence = number,
                    Milliseconds = number,
                    Messages = number,
                    Bytes = number,
                    Code = code,
                    Flags = (RpcFlags)flags,
                    MayHaveRun = ran,
                };
                string text = RpcHeaderText.Write(full);
                Assert.True(RpcHeaderText.TryRead(RecordedWire.Block(text), Known, out RpcHeader read), text);
                Assert.Equal(kind, read.Kind);

                // Written again it says the same: nothing that the kind has was lost.
                Assert.Equal(text, RpcHeaderText.Write(read));
            });

    [Theory]
    [InlineData("call a.1 5000 1 rooms.join room 7")]
    [InlineData("open a.1 5000 0 rooms.chat 256 262144 room 7")]
    [InlineData("done srv")]
    [InlineData("fail srv notHere 0 key 'x' is not served here")]
    [InlineData("opened srv 3 256 262144")]
    [InlineData("credit 3 17 512 524288")]
    [InlineData("abort 3 18 dataloss gone")]
    [InlineData("load srv 1000 3 64 east")]
    [InlineData("ping 3 19")]
    public void Each_kind_has_its_words_in_a_fixed_order(string text)
    {
        text = text.Replace("notHere", "nothere", StringComparison.Ordinal);
        Assert.True(RpcHeaderText.TryRead(RecordedWire.Block(text), Known, out RpcHeader header));
        Assert.Equal(text, RpcHeaderText.Write(header));
    }

    [Theory]
    [InlineData("")]
    [InlineData("shout a")]
    [InlineData("call a.1 soon 1 rooms.join")]
    [InlineData("call a.x 1 1 rooms.join")]
    [InlineData("call a 1 1 rooms.join")]
    [InlineData("call a.1 -1 1 rooms.join")]
    [InlineData("call a.1 99999999999999999999 1 rooms.join")]
    [InlineData("credit 3 17")]
    [InlineData("done")]
    [InlineData("done srv.>")]
    [InlineData("taken * room 7")]
    public void What_can_not_be_read_is_told(string text) => Assert.False(RpcHeaderText.TryRead(RecordedWire.Block(text), Known, out _));

    [Fact]
    public void Any_bytes_are_taken_without_an_exception() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Char["call open data 1 -"].Array[0, 30].Select(chars => new string(chars))).Sample((bytes, text) =>
        {
            RpcHeaderText.TryRead(bytes, Known, out _);
            RpcHeaderText.TryRead(RecordedWire.Block(text), Known, out _);
        });

    [Fact]
    public void The_text_of_an_error_can_not_break_out_of_its_header()
    {
        string text = RpcHeaderText.Write(new RpcHeader(RpcKind.Fail) { From = "a", Text = "one\r\ntwo" + new string('x', 2000) });
        Assert.DoesNotContain('\n', text);
        Assert.True(text.Length < RpcLimits.ErrorTextLengthMax + 30);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("_INBOX.x.7", true)]
    [InlineData("a*.>b", true)]
    [InlineData("a.*", false)]
    [InlineData(">", false)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a\tb", false)]
    public void Only_to_literal_subjects_can_be_replied(string subject, bool good) =>
        Assert.Equal(good, RpcSubjects.MayBeRepliedTo(System.Text.Encoding.UTF8.GetBytes(subject)));

    [Fact]
    public void A_header_is_written_as_a_block_or_not_at_all()
    {
        RpcHeader header = new(RpcKind.Call) { Id = new CallId("me", 17), Milliseconds = 5000, Method = "rooms.join", Key = new string('ü', 256) };
        string block = $"NATS/1.0\r\n{RpcHeaderText.Name}: call me.17 5000 0 rooms.join {header.Key}\r\n\r\n";
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(block);
        Assert.True(RpcHeaderText.BlockBytesBound(header) >= bytes.Length);
        for (int room = 0; room < bytes.Length; room++)
        {
            Assert.False(RpcHeaderText.TryWriteBlock(header, new byte[room], out _));
        }

        byte[] target = new byte[bytes.Length];
        Assert.True(RpcHeaderText.TryWriteBlock(header, target, out int length));
        Assert.Equal(block, System.Text.Encoding.UTF8.GetString(target, 0, length));
    }

    [Theory]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData("ro om", false)]
    [InlineData("ü", false)]
    [InlineData("Rooms_2-x", true)]
    public void Names_are_tokens(string name, bool good)
    {
        Assert.Equal(good, RpcSubjects.TokenProblem(name) is null);
        if (!good)
        {
            Assert.Throws<ArgumentException>(() => new RpcService(name));
            Assert.Throws<ArgumentException>(() => RpcTarget.At(name));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" x")]
    [InlineData("a\nb")]
    public void Keys_are_checked(string key) => Assert.Throws<ArgumentException>(() => RpcTarget.Key(key));
}
