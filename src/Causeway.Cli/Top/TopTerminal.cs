using System.Text;

namespace Causeway.Cli.Top;

/// <summary>A terminal's other screen, taken while it lives and given back in the end with the cursor as it was.</summary>
internal sealed class TopTerminal : IDisposable
{
    private const string Take = "\e[?1049h\e[?25l";
    private const string GiveBack = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string ClearLine = "\e[K";
    private const string ClearRest = "\e[J";
    private const string Inverse = "\e[7m";
    private const string Plain = "\e[0m";
    private const int LeastWidth = 20;
    private const int LeastHeight = 4;

    private readonly Stream _output = Console.OpenStandardOutput();
    private (int Width, int Height) _shown;

    public TopTerminal()
    {
        Console.TreatControlCAsInput = true;
        Write(Take);
    }

    public static int Width => Math.Max(LeastWidth, Console.WindowWidth);

    public static int Height => Math.Max(LeastHeight, Console.WindowHeight);

    /// <summary>The next key that was pressed, if there is one.</summary>
    public static bool TryReadKey(out ConsoleKeyInfo key)
    {
        bool isThere = Console.KeyAvailable;
        key = isThere ? Console.ReadKey(intercept: true) : default;
        return isThere;
    }

    /// <summary>True if the terminal has another size than when something was shown last.</summary>
    public bool HasResized() => _shown != (Width, Height);

    /// <summary>Shows <paramref name="lines"/>, and <paramref name="bottom"/> in the last line of the screen.</summary>
    public void Show(IReadOnlyList<string> lines, string bottom)
    {
        _shown = (Width, Height);
        StringBuilder text = new(Home);
        foreach (string line in lines.Take(Height - 1))
        {
            text.Append(line).Append(Plain).Append(ClearLine).Append("\r\n");
        }

        text.Append(ClearRest).Append("\e[").Append(Height).Append(";1H");
        text.Append(Inverse).Append(bottom.Length > Width ? bottom[..Width] : bottom.PadRight(Width)).Append(Plain);
        Write(text.ToString());
    }

    public void Dispose()
    {
        Write(GiveBack);
        Console.TreatControlCAsInput = false;
        _output.Dispose();
    }

    private void Write(string text)
    {
        _output.Write(Encoding.UTF8.GetBytes(text));
        _output.Flush();
    }
}
