namespace Causeway.Bus.Configuration.Syntax;

/// <summary>A value of a configuration, with the place where it stands. Immutable once parsed.</summary>
public abstract record ConfigurationValue(ConfigurationPlace Place)
{
    /// <summary>The value in a few words, for errors. Never shows a text, which may be a secret.</summary>
    public abstract string Kind { get; }

    /// <summary>True if a variable stood for it: its key may be of no other use.</summary>
    public bool IsVariable { get; internal set; }
}

/// <summary>Text, quoted or bare.</summary>
public sealed record ConfigurationText(ConfigurationPlace Place, string Text) : ConfigurationValue(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a text";
}

/// <summary>A whole number; a suffix such as <c>k</c> or <c>MB</c> is multiplied out.</summary>
public sealed record ConfigurationInteger(ConfigurationPlace Place, long Number, string Written) : ConfigurationValue(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a whole number";
}

/// <summary>A number with a fraction.</summary>
public sealed record ConfigurationFraction(ConfigurationPlace Place, double Number, string Written) : ConfigurationValue(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a number with a fraction";
}

/// <summary><c>true</c>, <c>yes</c>, <c>on</c> or their opposites.</summary>
public sealed record ConfigurationSwitch(ConfigurationPlace Place, bool IsOn, string Written) : ConfigurationValue(Place)
{
    /// <inheritdoc/>
    public override string Kind => "true or false";
}

/// <summary>Values in brackets.</summary>
public sealed record ConfigurationList(ConfigurationPlace Place, IReadOnlyList<ConfigurationValue> Items) : ConfigurationValue(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>Keys and values in braces; also a whole file. A key that comes again replaces the one before, as in nats-server.</summary>
public sealed record ConfigurationBlock(ConfigurationPlace Place, IReadOnlyList<ConfigurationEntry> Entries) : ConfigurationValue(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a block in braces";
}

/// <summary>A key with its value.</summary>
public sealed record ConfigurationEntry(string Key, ConfigurationPlace Place, ConfigurationValue Value);
