namespace Causeway.Bus.Configuration.Syntax;

/// <summary>A configuration that can't be taken. The message is one line: file, line, what was wrong, and what is accepted.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Creates it for a place in a file.</summary>
    public ConfigurationException(ConfigurationPlace place, string problem)
        : base($"{place}: {problem}") => Place = place;

    /// <summary>Where it is.</summary>
    public ConfigurationPlace Place { get; }

    /// <summary>True if a key is not known there.</summary>
    public bool IsUnknownKey { get; init; }
}

/// <summary>A line of a file. Lines count from 1.</summary>
public readonly record struct ConfigurationPlace(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}
