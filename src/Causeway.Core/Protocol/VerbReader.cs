namespace Causeway.Core.Protocol;

/// <summary>Recognises the verb at the start of a line, and tells as early as possible that there is none.</summary>
internal static class VerbReader
{
    /// <summary>
    /// Bytes of the verb at the start of <paramref name="data"/>, with the blank behind it where its arguments need one; 0 if more
    /// bytes are needed to tell, -1 if it is none.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> data, out Verb verb)
    {
        (verb, ReadOnlySpan<byte> name) = Candidate(data);
        if (name.IsEmpty)
        {
            return verb == Verb.None ? -1 : 0;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (i == data.Length)
            {
                return 0;
            }

            if (Lower(data[i]) != name[i])
            {
                return -1;
            }
        }

        // nats-server takes these without a blank too: what follows is ignored or, for CONNECT, is its JSON at once.
        if (verb is Verb.Ping or Verb.Pong or Verb.Ok or Verb.Connect)
        {
            return name.Length;
        }

        if (data.Length == name.Length)
        {
            return 0;
        }

        return data[name.Length] is (byte)' ' or (byte)'\t' ? name.Length + 1 : -1;
    }

    /// <summary>The only verb that can begin so; an empty name with a verb means that more bytes must tell.</summary>
    private static (Verb Verb, byte[] Name) Candidate(ReadOnlySpan<byte> data)
    {
        byte second = data.Length > 1 ? Lower(data[1]) : (byte)0;
        return Lower(data[0]) switch
        {
            (byte)'p' when data.Length == 1 => (Verb.Pub, Names.Undecided),
            (byte)'p' when second == 'u' => (Verb.Pub, Names.Pub),
            (byte)'p' when second == 'i' => (Verb.Ping, Names.Ping),
            (byte)'p' when second == 'o' => (Verb.Pong, Names.Pong),
            (byte)'h' => (Verb.Hpub, Names.Hpub),
            (byte)'s' => (Verb.Sub, Names.Sub),
            (byte)'u' => (Verb.Unsub, Names.Unsub),
            (byte)'c' => (Verb.Connect, Names.Connect),
            (byte)'i' => (Verb.Info, Names.Info),
            (byte)'+' => (Verb.Ok, Names.Ok),
            (byte)'-' => (Verb.Err, Names.Err),
            _ => (Verb.None, Names.Undecided),
        };
    }

    private static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    private static class Names
    {
        public static readonly byte[] Undecided = [];
        public static readonly byte[] Pub = "pub"u8.ToArray();
        public static readonly byte[] Hpub = "hpub"u8.ToArray();
        public static readonly byte[] Sub = "sub"u8.ToArray();
        public static readonly byte[] Unsub = "unsub"u8.ToArray();
        public static readonly byte[] Connect = "connect"u8.ToArray();
        public static readonly byte[] Ping = "ping"u8.ToArray();
        public static readonly byte[] Pong = "pong"u8.ToArray();
        public static readonly byte[] Info = "info"u8.ToArray();
        public static readonly byte[] Ok = "+ok"u8.ToArray();
        public static readonly byte[] Err = "-err"u8.ToArray();
    }
}
