using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Connections;

/// <summary>Commands against servers with logins and TLS.</summary>
public sealed class SecureConnectionTests
{
    private const string Seed = "SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY";
    private const string PublicKey = "UCBNTJAI4VSUTOXNPA7PIREZUTMDIQ4BRQMYSGFUYAWSCNCAMHSSDG75";

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_command_logs_in_with_an_nkey(string kind)
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "user.nk");
        await File.WriteAllTextAsync(file, Seed, TestContext.Current.CancellationToken);
        await using TestServer server = await TestServer.StartAsync(kind, $$"""authorization { timeout: 30, users = [ { nkey: {{PublicKey}} } ] }""");

        ProgramResult with = await CausewayProcess.RunAsync(server.Url, ["pub", "a", "1", "--nkey", file]);
        ProgramResult without = await CausewayProcess.RunAsync(server.Url, ["pub", "a", "1"]);

        Assert.Equal((0, 2), (with.ExitCode, without.ExitCode));
        Assert.Equal([$"causeway pub: can't connect to {server.Url}: the server says: Authorization Violation"], without.Errors);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_command_does_TLS_with_a_certificate_of_its_own(string kind)
    {
        using Certificates certificates = new();
        (string shown, string shownKey) = certificates.Issue("localhost");
        (string own, string ownKey) = certificates.Issue("ann");
        await using TestServer server = await TestServer.StartAsync(
            kind, $$"""tls { cert_file: "{{shown}}", key_file: "{{shownKey}}", ca_file: "{{certificates.CaFile}}", verify: true, timeout: 30 }""");

        ProgramResult with = await CausewayProcess.RunAsync(
            server.Url, ["pub", "a", "1", "--tls-ca", certificates.CaFile, "--tls-cert", own, "--tls-key", ownKey]);
        ProgramResult untrusting = await CausewayProcess.RunAsync(server.Url, ["pub", "a", "1"]);

        Assert.Equal((0, 2), (with.ExitCode, untrusting.ExitCode));
        Assert.Equal([$"causeway pub: can't connect to {server.Url}: the server's certificate is not trusted (PartialChain)"], untrusting.Errors);
    }

    [Theory]
    [InlineData("pub a --nkey x --creds y", "causeway pub: --nkey and --creds exclude each other (see causeway pub --help)")]
    [InlineData("pub a --tls-key x", "causeway pub: --tls-key needs --tls-cert (see causeway pub --help)")]
    public async Task Options_that_contradict_are_told(string arguments, string expected)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, arguments.Split(' '));
        Assert.Equal((1, expected), (result.ExitCode, Assert.Single(result.Errors)));
    }
}
