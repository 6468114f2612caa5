using System.Diagnostics;
using System.IO.Compression;
using Causeway.Cli.Tests.Deploy;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Packaging;

/// <summary>The packages that <c>deploy/pack</c> makes of what is built, used as others use them: by a new project and as a tool.</summary>
// Both restore and publish the same project, which only one may at a time.
[Collection("Packaging")]
public sealed class PackageTests(SharedServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_packages_are_complete_and_work_for_a_new_project_and_as_a_tool()
    {
        using TemporaryFolder folder = new();
        string packages = Path.Combine(folder.Path, "packages");
        await RunAsync(folder.Path, Path.Combine(DeployedFiles.Root, "deploy", "pack"), "--no-build", packages);
        string client = Directory.GetFiles(packages, "Causeway.Client.*.nupkg").Single();
        string version = Path.GetFileNameWithoutExtension(client)["Causeway.Client.".Length..];
        Assert.Single(Directory.GetFiles(packages, "Causeway.Client.*.snupkg"));
        AssertComplete(client);
        await UseAsToolAsync(folder.Path, packages, version);
        await UseInProjectAsync(folder.Path, packages, version);
    }

    private static void AssertComplete(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        string[] files = [.. zip.Entries.Select(entry => entry.FullName)];
        Assert.All(["README.md", "lib/net10.0/Causeway.Client.dll", "lib/net10.0/Causeway.Client.xml"], file => Assert.Contains(file, files));
        using StreamReader reader = new(zip.GetEntry("Causeway.Client.nuspec")!.Open());
        string about = reader.ReadToEnd();
        Assert.All(
            ["<license type=\"expression\">Apache-2.0</license>", "<readme>README.md</readme>", "<authors>The Causeway authors</authors>"],
            part => Assert.Contains(part, about, StringComparison.Ordinal));
        Assert.DoesNotContain("Causeway.Core", about, StringComparison.Ordinal);
    }

    private async Task UseAsToolAsync(string folder, string packages, string version)
    {
        string tools = Path.Combine(folder, "tools");

        // From the folder alone: whether registries answer, and what they have under the name, is not the test's.
        string configuration = Path.Combine(folder, "tools.config");
        await File.WriteAllTextAsync(configuration, $"""<configuration><packageSources><clear /><add key="local" value="{packages}" /></packageSources></configuration>""");
        await RunAsync(folder, "dotnet", "tool", "install", "causeway", "--tool-path", tools, "--configfile", configuration, "--version", version);
        string program = Path.Combine(tools, "causeway");
        Assert.StartsWith($"causeway {version}", await RunAsync(folder, program, "--version"), StringComparison.Ordinal);

        string url = (await servers.GetAsync(ServerKinds.Causeway)).Url;
        string subject = SharedServers.NewSubject();
        await using BusClient client = await BusClient.ConnectAsync(new() { Servers = [ServerAddress.Parse(url)], ConnectTimeout = Eventually.Deadline }, TestContext.Current.CancellationToken);
        await using Subscription subscription = await client.SubscribeAsync(subject, new() { MessagesMax = 1 }, TestContext.Current.CancellationToken);
        await client.FlushAsync(TestContext.Current.CancellationToken);
        await RunAsync(folder, program, "pub", subject, "by the tool", "--server", url);
        await foreach (Message message in subscription)
        {
            Assert.Equal("by the tool", System.Text.Encoding.UTF8.GetString(message.Data.Span));
        }
    }

    private async Task UseInProjectAsync(string folder, string packages, string version)
    {
        string project = Path.Combine(folder, "consumer");
        Directory.CreateDirectory(project);

        // Packages of others come from where this machine has them already; the client's own is to be taken from the folder alone.
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="local" value="{packages}" /></packageSources>
              <fallbackPackageFolders><add key="present" value="{PackagesOfThisMachine()}" /></fallbackPackageFolders>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>{folder}/restored</RestorePackagesPath><UseSharedCompilation>true</UseSharedCompilation>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Causeway.Client" Version="{version}" /></ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), """
            using Causeway.Client;
            await using BusClient client = await BusClient.ConnectAsync(new() { Servers = [ServerAddress.Parse(args[0])] });
            await using Subscription mine = await client.SubscribeAsync("consumer");
            await client.PublishAsync("consumer", "hello"u8.ToArray());
            await foreach (Message message in mine) { Console.WriteLine($"{message.Data.Length} bytes"); break; }
            """);
        await RunAsync(project, "dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet");
        string url = (await servers.GetAsync(ServerKinds.Causeway)).Url;
        Assert.Equal("5 bytes\n", await RunAsync(project, "dotnet", Path.Combine(project, "bin", "Release", "net10.0", "consumer.dll"), url));
    }

    private static string PackagesOfThisMachine() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
        return await output;
    }
}
