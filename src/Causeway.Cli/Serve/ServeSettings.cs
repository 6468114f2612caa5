using System.CommandLine;
using System.Net;
using Causeway.Bus.Nodes;
using Causeway.Cli.Logging;

namespace Causeway.Cli.Serve;

/// <summary>All that a node is started with.</summary>
/// <param name="Node">The node's settings.</param>
/// <param name="Http">Where monitoring listens; null if it is off.</param>
/// <param name="Log">The log.</param>
/// <param name="PidFile">The file for the process number; empty for none.</param>
/// <param name="PortsFolder">The folder for the file that says where the node listens; empty for none.</param>
/// <param name="File">The configuration file; null without one.</param>
/// <param name="Line">The command line with what the file adds.</param>
internal sealed record ServeSettings(BusOptions Node, IPEndPoint? Http, LogSettings Log, string PidFile, string PortsFolder, FileSettings? File, ParseResult Line);
