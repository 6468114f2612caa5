namespace Causeway.Bus.Configuration.Syntax;

/// <summary>Bounds of a configuration.</summary>
public static class ConfigurationLimits
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>Most blocks and lists inside each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most files included, all together.</summary>
    public const int MaxIncludes = 256;

    /// <summary>Most files that include each other in a row.</summary>
    public const int MaxIncludeDepth = 16;

    /// <summary>Most variables that lead to each other in a row.</summary>
    public const int MaxVariableDepth = 16;
}
