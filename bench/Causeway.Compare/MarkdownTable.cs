using System.Text;

namespace Causeway.Compare;

/// <summary>Writes tables in Markdown.</summary>
internal static class MarkdownTable
{
    public static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
