using Causeway.Core.Interest;

namespace Causeway.Core.Regions;

/// <summary>A subject prefix whose literals are told as one pattern.</summary>
public sealed class WidenedPrefix
{
    internal WidenedPrefix(byte[] prefix, InterestText pattern)
    {
        Prefix = prefix;
        Pattern = pattern;
    }

    /// <summary>The prefix, without the dot behind it.</summary>
    public byte[] Prefix { get; }

    /// <summary>What is told: the prefix with <c>.&gt;</c> behind it.</summary>
    public InterestText Pattern { get; }

    /// <summary>Subscriptions that it stands for.</summary>
    public long Subscriptions { get; internal set; }

    /// <summary>True once the pattern alone is told; before that the literals still are too, until all links know the pattern.</summary>
    public bool IsAlone { get; internal set; }

    /// <summary>The version of the exported table from which on the pattern is known.</summary>
    internal ulong KnownFrom { get; set; }

    /// <summary>When it began, in looks.</summary>
    internal long BeganAt { get; set; }
}
