namespace Causeway.Core.Links;

/// <summary>
/// The beginning of a link, for either side: <c>Hello</c>, <c>Welcome</c> with the accepting side's proof, <c>Proof</c>, and
/// <c>Accepted</c> or <c>Refused</c>. Both sides prove that they know the deployment key before either believes a word.
/// </summary>
public sealed class LinkHandshake
{
    /// <summary>The version of the link protocol that this build speaks, and the oldest that it understands.</summary>
    public const ushort Version = 2;

    /// <summary>The first bytes of a Hello's body.</summary>
    public const uint Magic = 0x59415743;

    /// <summary>Bytes of the token that opens a link's data lane.</summary>
    public const int TokenBytes = 16;

    private const int NonceBytes = 16;

    private readonly NodeCard _self;
    private readonly DeploymentKey _key;
    private readonly byte[] _nonce;
    private byte[] _hello = [];
    private byte[] _welcome = [];

    /// <summary>Begins a handshake; <paramref name="dial"/> is null for the accepting side.</summary>
    public LinkHandshake(NodeCard self, DeploymentKey key, LinkDial? dial, byte[] nonce)
    {
        _self = self;
        _key = key;
        Dial = dial;
        _nonce = nonce;
        Step = dial is null ? HandshakeStep.AwaitHello : HandshakeStep.SendHello;
        IsWan = dial?.IsWan ?? false;
    }

    /// <summary>What was dialled, or null on the accepting side.</summary>
    public LinkDial? Dial { get; }

    /// <summary>What is to happen next.</summary>
    public HandshakeStep Step { get; private set; }

    /// <summary>The other side, once it introduced itself.</summary>
    public NodeCard? Peer { get; private set; }

    /// <summary>True for a link between regions.</summary>
    public bool IsWan { get; private set; }

    /// <summary>Why it was refused, by either side.</summary>
    public RefusalCode Refusal { get; private set; }

    /// <summary>The refusal in words; empty while there is none.</summary>
    public string RefusalText { get; private set; } = "";

    /// <summary>The token of the data lane, once <see cref="HandshakeStep.Done"/>.</summary>
    public byte[] Token { get; private set; } = [];

    /// <summary>True if <see cref="TryWrite"/> has something to write.</summary>
    public bool WantsToWrite => Step is HandshakeStep.SendHello or HandshakeStep.SendWelcome or HandshakeStep.SendProof or HandshakeStep.SendVerdict;

    /// <summary>Takes a frame. A frame out of turn, or that can't be read, fails the handshake.</summary>
    public void OnFrame(LinkFrameKind kind, ReadOnlySpan<byte> frame)
    {
        FrameReader body = new(frame[FrameWriter.HeaderBytes..]);
        switch (kind, Step)
        {
            case (LinkFrameKind.Hello, HandshakeStep.AwaitHello):
                OnHello(frame, ref body);
                break;
            case (LinkFrameKind.Welcome, HandshakeStep.AwaitWelcome):
                OnWelcome(frame, ref body);
                break;
            case (LinkFrameKind.Proof, HandshakeStep.AwaitProof):
                bool proves = _key.IsProof(body.Bytes(DeploymentKey.ProofBytes), 'i', _hello, _welcome);
                Step = proves ? HandshakeStep.Judge : Refuse(RefusalCode.Key, "the deployment keys differ");
                break;
            case (LinkFrameKind.Accepted, HandshakeStep.AwaitVerdict):
                Token = body.Bytes(TokenBytes).ToArray();
                Step = body.Failed ? Fail("the acceptance can't be read") : HandshakeStep.Done;
                break;
            case (LinkFrameKind.Refused, not HandshakeStep.Done):
                Refusal = (RefusalCode)body.Byte();
                RefusalText = $"refused: {body.Text()}";
                Step = HandshakeStep.Failed;
                break;
            default:
                Step = Fail($"frame {(byte)kind} came out of turn");
                break;
        }
    }

    /// <summary>
    /// The accepting side's decision once the other has proved itself: takes the link with <paramref name="token"/>.
    /// </summary>
    public void Accept(byte[] token)
    {
        Token = token;
        Step = HandshakeStep.SendVerdict;
    }

    /// <summary>Refuses the other side, with the reason in words; returns the next step.</summary>
    public HandshakeStep Refuse(RefusalCode code, string text)
    {
        (Refusal, RefusalText) = (code, text);
        return Step = HandshakeStep.SendVerdict;
    }

    /// <summary>Writes the frame that is due; 0 if there is none or no room.</summary>
    public int TryWrite(Span<byte> room)
    {
        switch (Step)
        {
            case HandshakeStep.SendHello:
                return Sent(WriteHello(room), HandshakeStep.AwaitWelcome);
            case HandshakeStep.SendWelcome:
                return Sent(WriteWelcome(room), HandshakeStep.AwaitProof);
            case HandshakeStep.SendProof:
                FrameWriter proof = new(room, LinkFrameKind.Proof);
                proof.Bytes(_key.Prove('i', _hello, _welcome));
                return Sent(proof.End(), HandshakeStep.AwaitVerdict);
            case HandshakeStep.SendVerdict:
                bool accepts = RefusalText.Length == 0;
                FrameWriter verdict = new(room, accepts ? LinkFrameKind.Accepted : LinkFrameKind.Refused);
                if (accepts)
                {
                    verdict.Bytes(Token);
                }
                else
                {
                    verdict.Byte((byte)Refusal);
                    verdict.Text(RefusalText);
                }

                return Sent(verdict.End(), accepts ? HandshakeStep.Done : HandshakeStep.Failed);
            default:
                return 0;
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60];

    private HandshakeStep Fail(string text)
    {
        RefusalText = text;
        return HandshakeStep.Failed;
    }

    private int Sent(int bytes, HandshakeStep next)
    {
        if (bytes > 0)
        {
            Step = next;
        }

        return bytes;
    }

    private int WriteHello(Span<byte> room)
    {
        FrameWriter writer = new(room, LinkFrameKind.Hello);
        writer.Bytes(BitConverter.GetBytes(Magic));
        writer.UInt16(Version);
        writer.UInt16(Version);
        writer.Text(_key.Deployment);
        writer.Byte(IsWan ? (byte)1 : (byte)0);
        writer.Text(Dial!.Region);
        writer.Bytes(_nonce);
        _self.Write(ref writer);
        int length = writer.End();
        _hello = room[..length].ToArray();
        return length;
    }

    private int WriteWelcome(Span<byte> room)
    {
        FrameWriter writer = new(room, LinkFrameKind.Welcome);
        writer.UInt16(Version);
        writer.Bytes(_nonce);
        _self.Write(ref writer);
        if (writer.Overflowed)
        {
            return 0;
        }

        // The proof covers all of the frame before it.
        writer.Bytes(_key.Prove('a', _hello, room[FrameWriter.HeaderBytes..writer.Length]));
        int length = writer.End();
        _welcome = room[..length].ToArray();
        return length;
    }

    private void OnHello(ReadOnlySpan<byte> frame, ref FrameReader body)
    {
        _hello = frame.ToArray();
        bool magic = BitConverter.ToUInt32(body.Bytes(4) is { Length: 4 } bytes ? bytes : stackalloc byte[4]) == Magic;
        ushort version = body.UInt16();
        ushort oldest = body.UInt16();
        string deployment = body.Text();
        IsWan = body.Byte() == 1;
        string region = body.Text();
        body.Bytes(NonceBytes);
        Peer = NodeCard.Read(ref body);
        if (!magic)
        {
            Step = Fail("it does not speak the link protocol");
            return;
        }

        // What follows the parts that all versions share may be longer in later ones.
        Step = version < Version || oldest > Version
            ? Refuse(RefusalCode.Version, $"link protocol {oldest} to {version} is offered, {Version} is spoken here")
            : body.Failed
            ? Fail("the introduction can't be read")
            : deployment != _key.Deployment
            ? Refuse(RefusalCode.Deployment, $"deployment '{Shorten(deployment)}' is not '{Shorten(_key.Deployment)}'")
            : Peer.Id == _self.Id
            ? Refuse(RefusalCode.Self, "the node dialled itself")
            : region != _self.Region || IsWan == (Peer.Region == _self.Region)
            ? Refuse(RefusalCode.Region, $"region '{Shorten(region)}' is expected, this is '{Shorten(_self.Region)}' of node '{Shorten(_self.Name)}'")
            : HandshakeStep.SendWelcome;
    }

    private void OnWelcome(ReadOnlySpan<byte> frame, ref FrameReader body)
    {
        _welcome = frame.ToArray();
        ushort version = body.UInt16();
        body.Bytes(NonceBytes);
        Peer = NodeCard.Read(ref body);
        ReadOnlySpan<byte> proven = frame[FrameWriter.HeaderBytes..^Math.Min(frame.Length - FrameWriter.HeaderBytes, DeploymentKey.ProofBytes)];
        ReadOnlySpan<byte> proof = body.Bytes(DeploymentKey.ProofBytes);
        Step = version != Version || body.Failed
            ? Fail("the welcome can't be read")
            : !_key.IsProof(proof, 'a', _hello, proven)
            ? Refuse(RefusalCode.Key, "the deployment keys differ")
            : Peer.Region != Dial!.Region
            ? Refuse(RefusalCode.Region, $"region '{Dial.Region}' is expected at {Dial.Address}, there is '{Shorten(Peer.Region)}'")
            : HandshakeStep.SendProof;
    }
}
