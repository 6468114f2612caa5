namespace Causeway.Interop.Tests.Raw;

/// <summary>The CONNECT options that the tests use most, as clients send them.</summary>
public static class ConnectOptions
{
    /// <summary>No +OK, no subject checks, no headers.</summary>
    public const string Quiet = """{"verbose":false,"pedantic":false}""";

    public const string Verbose = """{"verbose":true,"pedantic":false,"headers":true}""";

    public const string Pedantic = """{"verbose":false,"pedantic":true}""";

    public const string Headers = """{"verbose":false,"pedantic":false,"headers":true}""";

    public const string NoResponders = """{"verbose":false,"pedantic":false,"headers":true,"no_responders":true}""";

    public const string NoEcho = """{"verbose":false,"pedantic":false,"echo":false}""";

    /// <summary>A client that understands INFO after the first one.</summary>
    public const string AsyncInfo = """{"verbose":false,"pedantic":false,"protocol":1}""";
}
