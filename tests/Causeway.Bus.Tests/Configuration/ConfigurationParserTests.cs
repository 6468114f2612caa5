using Causeway.Bus.Configuration.Syntax;
using Xunit;

namespace Causeway.Bus.Tests.Configuration;

/// <summary>nats-server's configuration syntax, piece by piece; what is wrong is named with its file and line.</summary>
public sealed class ConfigurationParserTests
{
    private readonly Dictionary<string, string> _files = [];
    private readonly Dictionary<string, string> _environment = [];

    [Theory]
    [InlineData("port = 4222")]
    [InlineData("port: 4222")]
    [InlineData("port 4222")]
    [InlineData("\"port\": 4222,")]
    [InlineData("{\"port\": 4222}")]
    [InlineData("# a comment\nport=4222 # behind it\n// and another")]
    [InlineData("port: 1\nport: 4222")]
    [InlineData("P = 4222\nport: $P")]
    public void A_key_and_its_value(string text) => Assert.Equal(4222, Assert.IsType<ConfigurationInteger>(Value(text, "port")).Number);

    [Theory]
    [InlineData("1k", 1000)]
    [InlineData("1KB", 1024)]
    [InlineData("1ki", 1024)]
    [InlineData("64MB", 64L << 20)]
    [InlineData("2g", 2_000_000_000)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Whole_numbers_take_suffixes(string written, long number) =>
        Assert.Equal(number, Assert.IsType<ConfigurationInteger>(Value("v: " + written, "v")).Number);

    [Theory]
    [InlineData("2s")]
    [InlineData("127.0.0.1:4222")]
    [InlineData("nats://host:4222")]
    [InlineData("9223372036854775808")]
    [InlineData("16EB")]
    [InlineData("pass#word")]
    [InlineData("foo.>")]
    [InlineData("*")]
    [InlineData("-")]
    [InlineData("$2a$11$V1qrpBVuyNrzo8V0YD8AHe5A3kzRbIS6FUrRpSkTDSbAQ1A9n1C2q")]
    public void What_is_no_number_is_text(string written) => Assert.Equal(written, Assert.IsType<ConfigurationText>(Value("v: " + written, "v")).Text);

    [Theory]
    [InlineData("yes", true)]
    [InlineData("True", true)]
    [InlineData("ON", true)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Switches(string written, bool isOn) => Assert.Equal(isOn, Assert.IsType<ConfigurationSwitch>(Value("v " + written, "v")).IsOn);

    [Fact]
    public void Texts_in_quotes_and_in_parentheses()
    {
        Assert.Equal("a\tb\"\x41", Text("v: \"a\\tb\\\"\\x41\""));
        Assert.Equal(@"a\tb", Text(@"v: 'a\tb'"));
        Assert.Equal("first\n second", Text("v: (\nfirst\n second\n)\n"));
    }

    [Fact]
    public void Blocks_and_lists_within_each_other()
    {
        ConfigurationBlock block = Parse("authorization { users = [ {user: a, password: b}, {user: c\n password: d}\n ] }\ncluster {}");
        ConfigurationBlock authorization = Assert.IsType<ConfigurationBlock>(block.Entries[0].Value);
        ConfigurationList users = Assert.IsType<ConfigurationList>(Assert.Single(authorization.Entries).Value);
        Assert.Equal(["a b", "c d"], users.Items.Cast<ConfigurationBlock>().Select(user => string.Join(' ', user.Entries.Select(entry => ((ConfigurationText)entry.Value).Text))));
        Assert.Empty(Assert.IsType<ConfigurationBlock>(block.Entries[1].Value).Entries);
    }

    [Fact]
    public void Variables_come_from_the_nearest_block_then_from_the_environment()
    {
        _environment["HOME_PORT"] = " 7 ";
        _environment["LOOP"] = "$LOOP";
        Assert.Equal("inner", Text("A: outer\nb { A: inner\n v: $A }", "b", "v"));
        Assert.Equal(7, Assert.IsType<ConfigurationInteger>(Value("v: $HOME_PORT", "v")).Number);
        Fails("x: 1\nv: $NOWHERE", "main.conf:2: variable '$NOWHERE' is defined neither above nor in the environment");
        Fails("v: $LOOP", "main.conf:1: variable '$LOOP' leads to further variables without end; accepted are 16");
    }

    [Fact]
    public void Files_include_others_by_paths_relative_to_their_own()
    {
        _files[Path.Combine("users", "all.conf")] = "NAME: derek\ninclude 'more.conf'";
        _files[Path.Combine("users", "more.conf")] = "more: 1";
        ConfigurationBlock block = Parse("authorization { include \"users/all.conf\"\n user: $NAME }");
        ConfigurationBlock authorization = Assert.IsType<ConfigurationBlock>(block.Entries[0].Value);
        Assert.Equal(["NAME", "more", "user"], authorization.Entries.Select(entry => entry.Key));
        Assert.Equal(new ConfigurationPlace(Path.Combine("users", "more.conf"), 1), authorization.Entries[1].Place);
        _files["self.conf"] = "include self.conf";
        Fails("include self.conf", "self.conf:1: too many files are included; accepted are 256, 16 within each other");
        Fails("\ninclude gone.conf", "main.conf:2: 'gone.conf' can't be read: no such file");
    }

    [Theory]
    [InlineData("a {", "main.conf:1: a block that begins with { has no end; accepted is } behind it")]
    [InlineData("x: 1\na: [1, 2", "main.conf:2: a list that begins with [ has no end; accepted is ] behind it")]
    [InlineData("a: \"b", "main.conf:1: a text that begins with \" has no end; accepted is \" behind it")]
    [InlineData("a: (b", "main.conf:1: a text that begins with ( has no end; accepted is a line with nothing but )")]
    [InlineData("a:\nb: 1", "main.conf:1: 'a' has no value")]
    [InlineData("a: \"\\q\"", "main.conf:1: '\\q' is no escape; accepted are \\n \\t \\r \\\" \\\\ and \\x with two hexadecimal digits")]
    [InlineData("\n\n}", "main.conf:3: '}' is no key; accepted is a key and its value")]
    [InlineData("{a: 1} b", "main.conf:1: 'b' stands behind the end; accepted is a key and its value")]
    public void What_is_wrong_is_named_with_its_line(string text, string message) => Fails(text, message);

    [Fact]
    public void Depth_is_bounded() =>
        Fails("a: " + new string('[', 100_000), "main.conf:1: blocks and lists stand too deep within each other; accepted are 32");

    private ConfigurationBlock Parse(string text) => new ConfigurationParser(
        path => _files.TryGetValue(path, out string? content) ? content : throw new FileNotFoundException("no such file"),
        name => _environment.GetValueOrDefault(name)).Parse("main.conf", text);

    private ConfigurationValue Value(string text, params string[] keys)
    {
        ConfigurationValue value = Parse(text);
        foreach (string key in keys)
        {
            value = Assert.IsType<ConfigurationBlock>(value).Entries.Single(entry => entry.Key == key).Value;
        }

        return value;
    }

    private string Text(string text, params string[] keys) => Assert.IsType<ConfigurationText>(Value(text, keys.Length == 0 ? ["v"] : keys)).Text;

    private void Fails(string text, string message) => Assert.Equal(message, Assert.Throws<ConfigurationException>(() => Parse(text)).Message);
}
