using System.Diagnostics;
using System.Text.RegularExpressions;
using Causeway.Cli.Execution;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
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
    }

    [Fact]
    public async Task A_node_under_systemd_can_be_reloaded()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(DeployedFiles.Folder, "systemd", "causeway.service"), TestContext.Current.CancellationToken);

        Assert.Contains("\nExecReload=/bin/kill -s HUP $MAINPID\n", text, StringComparison.Ordinal);
    }

    /// <summary>By Debian's own tool, which tests/prepare installs.</summary>
    [Theory]
    [InlineData("causeway.service")]
    [InlineData("causeway-director.service")]
    public async Task Systemd_finds_nothing_wrong_with_a_unit_and_little_that_it_exposes(string unit)
    {
        string path = Path.Combine(DeployedFiles.Folder, "systemd", unit);
        (_, string faults) = await AnalyzeAsync("verify", path);

        // Where dotnet lies elsewhere on this machine that says nothing about the unit.
        Assert.DoesNotContain(faults.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains(unit, StringComparison.Ordinal) && !line.Contains("is not executable", StringComparison.Ordinal));

        // 2.0 of 10: what is left is the network, and the memory that code compiled as it runs needs to be executable.
        (int exitCode, string judged) = await AnalyzeAsync("security", "--offline=true", "--threshold=20", path);
        Assert.True(exitCode == 0, judged);
    }

    [Theory]
    [InlineData("region.yaml")]
    [InlineData("director.yaml")]
    public void A_manifest_names_ports_files_and_variables_that_it_has_and_values_that_its_command_takes(string file)
    {
        IReadOnlyList<YamlMappingNode> documents = DeployedFiles.Manifest(file);
        YamlNode pod = DeployedFiles.At(documents[^1], "spec", "template", "spec");
        YamlNode container = DeployedFiles.At(pod, "containers", "0");
        string[] arguments = Texts(container, "args");
        string line = string.Join('\n', arguments);
        Dictionary<string, string> ports = ((YamlSequenceNode)DeployedFiles.At(container, "ports")).ToDictionary(
            port => DeployedFiles.At(port, "name").ToString(), port => DeployedFiles.At(port, "containerPort").ToString());

        Assert.All(ports.Values, port => Assert.Contains($"=*:{port}", line, StringComparison.Ordinal));
        Assert.All(["livenessProbe", "readinessProbe"], probe => Assert.Equal("http", DeployedFiles.At(container, probe, "httpGet", "port").ToString()));
        Assert.Equal(ports["http"], DeployedFiles.At(documents[^1], "spec", "template", "metadata", "annotations", "prometheus.io/port").ToString());
        foreach (YamlNode port in documents.Where(document => document["kind"].ToString() == "Service").SelectMany(service => (YamlSequenceNode)DeployedFiles.At(service, "spec", "ports")))
        {
            YamlMappingNode about = (YamlMappingNode)port;
            Assert.Contains(about.Children.TryGetValue("targetPort", out YamlNode? target) ? target.ToString() : about["port"].ToString(), ports.Keys.Concat(ports.Values));
        }

        string[] mounts = [.. ((YamlSequenceNode)DeployedFiles.At(container, "volumeMounts")).Select(mount => DeployedFiles.At(mount, "mountPath").ToString())];
        Assert.All(((YamlSequenceNode)DeployedFiles.At(container, "volumeMounts")).Select(mount => DeployedFiles.At(mount, "name").ToString()), name =>
            Assert.Contains(name, ((YamlSequenceNode)DeployedFiles.At(pod, "volumes")).Select(volume => DeployedFiles.At(volume, "name").ToString())));
        Assert.All(arguments.Where(argument => argument.Contains("-file=", StringComparison.Ordinal)), argument => Assert.Contains(mounts, mount => argument.Contains($"={mount}/", StringComparison.Ordinal)));
        string[] defined = [.. ((YamlSequenceNode)DeployedFiles.At(container, "env")).Select(variable => DeployedFiles.At(variable, "name").ToString())];
        Assert.Equal(defined.Order(), Reference().Matches(line).Select(match => match.Groups[1].Value).Distinct().Order());
        Assert.Null(CommandRunner.UsageLine(AllCommands.Create().Parse([.. arguments.Select(argument => Reference().Replace(argument, "10.0.0.1"))])));
    }

    [Theory]
    [InlineData("systemd/node.env.example", "serve", "--leaf-remote", "'nowhere://x'", "--incident-log")]
    [InlineData("systemd/director.env.example", "director", "--operator-token-file", "/no/such/file")]
    [InlineData("Dockerfile", "serve", "--leaf-remote", "'nowhere://x'")]
    public async Task Settings_have_values_that_their_command_takes(string file, string command, string wrong, string value, params string[] absentHere)
    {
        using TemporaryFolder folder = new();
        string key = Path.Combine(folder.Path, "deployment.key");
        await File.WriteAllTextAsync(key, "0123456789abcdef", TestContext.Current.CancellationToken);
        string text = await File.ReadAllTextAsync(Path.Combine(DeployedFiles.Folder, file), TestContext.Current.CancellationToken);
        (string, string)[] settings = [.. SettingWithValue().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
        Assert.True(settings.Length > 3);

        // One thing is wrong on purpose, or it would start.
        await using CausewayProcess process = CausewayProcess.StartIn(settings, command, "--deployment-key-file", key, wrong, value.Trim('\''));
        ProgramResult result = await process.EndAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.Errors, line => line.Contains($"{wrong}: '{value.Trim('\'')}", StringComparison.Ordinal));
        Assert.All(result.Errors, line => Assert.Contains([wrong, .. absentHere], option => line.Contains($": {option}: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_image_exposes_the_ports_that_it_listens_on_and_asks_the_one_of_its_pages()
    {
        string text = File.ReadAllText(Path.Combine(DeployedFiles.Folder, "Dockerfile"));
        string[] listens = [.. SettingWithValue().Matches(text).Select(match => match.Groups[2].Value).Where(value => value.StartsWith("*:", StringComparison.Ordinal)).Select(value => value[2..])];
        Assert.Equal(3, listens.Length);
        Assert.Equal(listens.Order(), Expose().Match(text).Groups[1].Value.Split(' ').Order());
        string pages = SettingWithValue().Matches(text).Single(match => match.Groups[1].Value == "CAUSEWAY_HTTP").Groups[2].Value[2..];
        Assert.Contains($"/dev/tcp/127.0.0.1/{pages} ", text, StringComparison.Ordinal);
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

    [GeneratedRegex(@"(CAUSEWAY_[A-Z_]+)=(\S+)")]
    private static partial Regex SettingWithValue();

    [GeneratedRegex(@"^EXPOSE (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expose();

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Reference();

    private static string[] Texts(YamlNode node, string key) => [.. ((YamlSequenceNode)DeployedFiles.At(node, key)).Select(item => item.ToString())];

    private static async Task<(int ExitCode, string Said)> AnalyzeAsync(params string[] arguments)
    {
        using Process analyze = Process.Start(new ProcessStartInfo("systemd-analyze", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = analyze.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = analyze.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await analyze.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        return (analyze.ExitCode, await output + await errors);
    }

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"dotnet publish .* --nologo -v quiet -o")]
    private static partial Regex Publish();
}
