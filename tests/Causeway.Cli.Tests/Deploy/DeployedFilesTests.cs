using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Causeway.Cli.Tests.Deploy;

/// <summary>Deployment files name things of the program and the repository: each of them must be there.</summary>
public sealed partial class DeployedFilesTests
{
    [Theory]
    [InlineData("region.yaml", "serve")]
    [InlineData("director.yaml", "director")]
    public async Task A_manifest_uses_options_that_its_command_has_and_limits_memory(string file, string command)
    {
        IReadOnlyList<YamlMappingNode> documents = DeployedFiles.Manifest(file);
        YamlNode pod = DeployedFiles.At(documents[^1], "spec", "template", "spec");
        YamlNode container = DeployedFiles.At(pod, "containers", "0");
        string[] arguments = [.. ((YamlSequenceNode)DeployedFiles.At(container, "args")).Select(argument => argument.ToString())];
        Assert.Equal(command, arguments[0]);
        (string[] options, _) = await DeployedFiles.OptionsAsync(command);
        Assert.NotEmpty(options);
        Assert.All(arguments[1..], argument => Assert.Contains(argument.Split('=')[0], options));
        Assert.Equal(
            DeployedFiles.At(container, "resources", "limits", "memory").ToString(), DeployedFiles.At(container, "resources", "requests", "memory").ToString());
        Assert.Equal("true", DeployedFiles.At(pod, "securityContext", "runAsNonRoot").ToString());
        Assert.Equal("/healthz", DeployedFiles.At(container, "livenessProbe", "httpGet", "path").ToString());
        Assert.Equal("/readyz", DeployedFiles.At(container, "readinessProbe", "httpGet", "path").ToString());
    }

    [Theory]
    [InlineData("region.yaml")]
    [InlineData("director.yaml")]
    public void A_manifest_selects_its_own_pods_and_lets_one_of_them_be_moved_at_a_time(string file)
    {
        IReadOnlyList<YamlMappingNode> documents = DeployedFiles.Manifest(file);
        string labels = DeployedFiles.At(documents[^1], "spec", "template", "metadata", "labels").ToString();
        Assert.Equal(labels, DeployedFiles.At(documents[^1], "spec", "selector", "matchLabels").ToString());
        YamlMappingNode budget = documents.Single(document => document["kind"].ToString() == "PodDisruptionBudget");
        Assert.Equal(labels, DeployedFiles.At(budget, "spec", "selector", "matchLabels").ToString());
        Assert.Equal("1", DeployedFiles.At(budget, "spec", "maxUnavailable").ToString());
        Assert.All(documents.Where(document => document["kind"].ToString() == "Service"), service =>
            Assert.Equal(labels, DeployedFiles.At(service, "spec", "selector").ToString()));
    }

    [Fact]
    public void A_leaving_node_has_the_time_that_it_takes()
    {
        YamlNode pod = DeployedFiles.At(DeployedFiles.Manifest("region.yaml")[^1], "spec", "template", "spec");
        string arguments = DeployedFiles.At(pod, "containers", "0", "args").ToString();
        int[] seconds = [.. LameDuck().Matches(arguments).Select(match => int.Parse(match.Groups[1].Value, null))];
        Assert.Equal(2, seconds.Length);
        Assert.InRange(int.Parse(DeployedFiles.At(pod, "terminationGracePeriodSeconds").ToString(), null), seconds.Sum() + 10, 300);
        Assert.Contains("kill -USR2 1", DeployedFiles.At(pod, "containers", "0", "lifecycle", "preStop", "exec", "command").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("causeway.service", "node.env.example", "serve")]
    [InlineData("causeway-director.service", "director.env.example", "director")]
    public async Task A_unit_is_well_formed_and_sets_variables_that_its_command_reads(string unit, string settings, string command)
    {
        string folder = Path.Combine(DeployedFiles.Folder, "systemd");
        string text = await File.ReadAllTextAsync(Path.Combine(folder, unit), TestContext.Current.CancellationToken);
        Assert.Contains($"causeway.dll {command}\n", text, StringComparison.Ordinal);
        (_, string[] known) = await DeployedFiles.OptionsAsync(command);
        text += await File.ReadAllTextAsync(Path.Combine(folder, settings), TestContext.Current.CancellationToken);
        Assert.All(Setting().Matches(text).Select(match => match.Groups[1].Value), variable => Assert.Contains(variable, known));
        if (File.Exists("/usr/bin/systemd-analyze"))
        {
            using Process verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", Path.Combine(folder, unit)]) { RedirectStandardError = true })!;
            string faults = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await verify.WaitForExitAsync(TestContext.Current.CancellationToken);

            // Where dotnet lies elsewhere on this machine that says nothing about the unit.
            Assert.DoesNotContain(faults.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains(unit, StringComparison.Ordinal) && !line.Contains("is not executable", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_image_is_built_from_what_there_is_and_as_the_launcher_builds_the_program()
    {
        string text = File.ReadAllText(Path.Combine(DeployedFiles.Folder, "Dockerfile"));
        string[] copied = [.. Copy().Matches(text).SelectMany(match => match.Groups[1].Value.Split(' '))];
        Assert.Contains("src", copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(DeployedFiles.Root, path)), path));
        string ignore = File.ReadAllText(Path.Combine(DeployedFiles.Folder, "Dockerfile.dockerignore"));
        Assert.All(copied, path => Assert.Contains($"!{path}\n", ignore, StringComparison.Ordinal));
        Assert.Contains("USER $APP_UID\n", text, StringComparison.Ordinal);

        string launcher = File.ReadAllText(Path.Combine(DeployedFiles.Root, "causeway"));
        Assert.Equal(
            Publish().Match(launcher).Value.Replace("$root/", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal),
            Publish().Match(text).Value.Replace("\"", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_image_sets_variables_that_a_node_reads()
    {
        (_, string[] known) = await DeployedFiles.OptionsAsync("serve");
        string text = await File.ReadAllTextAsync(Path.Combine(DeployedFiles.Folder, "Dockerfile"), TestContext.Current.CancellationToken);
        string[] set = [.. ImageSetting().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.Contains("CAUSEWAY_LISTEN", set);
        Assert.All(set, variable => Assert.Contains(variable, known));
    }

    [GeneratedRegex(@"--lame-duck-\w+=(\d+)s")]
    private static partial Regex LameDuck();

    [GeneratedRegex(@"^(?:Environment=)?(CAUSEWAY_[A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"(CAUSEWAY_[A-Z_]+)=")]
    private static partial Regex ImageSetting();

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"dotnet publish .* --nologo -v quiet -o")]
    private static partial Regex Publish();
}
