using Spectre.Console;

namespace Causeway.Cli.Output;

/// <summary>Lines and aligned tables for people: with colours on a terminal, and elsewhere plain, one row a line, for other programs.</summary>
internal sealed class Report : IDisposable
{
    /// <summary>Wider than any row: a row that is cut in two can't be read by another program.</summary>
    private const int PlainWidth = 20_000;

    private readonly StringWriter _text = new();
    private readonly IAnsiConsole _console;
    private readonly bool _isTerminal;

    private Report(bool isTerminal)
    {
        _isTerminal = isTerminal;
        bool hasColors = isTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(_text),
        });
        _console.Profile.Width = isTerminal ? Math.Max(40, Console.WindowWidth) : PlainWidth;
    }

    /// <summary>One for standard output as it is.</summary>
    public static Report ForTerminal() => new(!Console.IsOutputRedirected);

    public void Dispose() => _text.Dispose();

    /// <summary>Adds a line.</summary>
    public void Line(string text = "") => _console.WriteLine(text);

    /// <summary>Adds a table under a title; without rows, nothing.</summary>
    public void Table(string title, string[] columns, IReadOnlyList<Cell[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Line();
        Line(title);
        Table table = new() { Border = TableBorder.None, ShowHeaders = true };
        for (int i = 0; i < columns.Length; i++)
        {
            TableColumn column = new(new Text(columns[i].ToUpperInvariant(), new Style(decoration: Decoration.Dim))) { Padding = new Padding(0, 0, 2, 0), NoWrap = !_isTerminal };
            column.Alignment = rows.All(row => row[i].IsNumber) ? Justify.Right : Justify.Left;
            table.AddColumn(column);
        }

        foreach (Cell[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, cell.IsBad ? new Style(Color.Red) : Style.Plain)));
        }

        _console.Write(table);
    }

    /// <summary>All of it, without blanks at the ends of lines.</summary>
    public override string ToString() => string.Join('\n', _text.ToString().Split('\n').Select(line => line.TrimEnd())).Trim('\n') + "\n";
}

/// <summary>What stands in a table's cell.</summary>
internal readonly record struct Cell(string Text, bool IsNumber = false, bool IsBad = false)
{
    public static implicit operator Cell(string text) => new(text);
}
