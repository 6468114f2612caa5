namespace Causeway.Drill.Scripts;

/// <summary>How large a script and what it asks for may be.</summary>
internal static class ScriptLimits
{
    /// <summary>Characters of a file.</summary>
    public const int FileCharactersMax = 128 * 1024;

    /// <summary>Mappings and lists within each other.</summary>
    public const int DepthMax = 6;

    /// <summary>Characters of a note or description.</summary>
    public const int TextCharactersMax = 400;

    /// <summary>Regions of a deployment.</summary>
    public const int RegionsMax = 8;

    /// <summary>Nodes of a region at the start.</summary>
    public const int NodesPerRegionMax = 6;

    /// <summary>Steps and expectations of a script, each.</summary>
    public const int ItemsMax = 200;

    /// <summary>Times that a link flaps in one step.</summary>
    public const int FlapsMax = 200;

    /// <summary>The least memory that a process can be limited to: the runtime itself needs most of it.</summary>
    public const long MemoryLimitBytesMin = 64L << 20;

    /// <summary>The most.</summary>
    public const long MemoryLimitBytesMax = 1L << 40;

    /// <summary>How many times faster than the script's clock a drill may go.</summary>
    public const int TimeScaleMax = 1_000;

    /// <summary>How long a script may last on its own clock.</summary>
    public static readonly TimeSpan LastsMax = TimeSpan.FromHours(24);

    /// <summary>How long a drill may take on this machine's clock; it bounds what is kept of it.</summary>
    public static readonly TimeSpan RealTimeMax = TimeSpan.FromHours(1);
}
