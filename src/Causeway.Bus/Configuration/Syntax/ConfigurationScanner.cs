using System.Text;

namespace Causeway.Bus.Configuration.Syntax;

/// <summary>Reads a configuration's text character by character: white space, comments, keys, and texts of all kinds. Knows its line.</summary>
internal sealed class ConfigurationScanner(string file, string text)
{
    private const char End = '\0';

    private int _at;
    private int _line = 1;

    public ConfigurationPlace Place => new(file, _line);

    public bool IsAtEnd => _at >= text.Length;

    public char Next => IsAtEnd ? End : text[_at];

    /// <summary>Takes the next character if it is <paramref name="wanted"/>.</summary>
    public bool Take(char wanted)
    {
        if (IsAtEnd || text[_at] != wanted)
        {
            return false;
        }

        Step();
        return true;
    }

    /// <summary>Passes blanks and comments, and line ends and commas too: all that may stand between entries.</summary>
    public void PassSeparators()
    {
        while (!IsAtEnd && (IsBlank(Next) || IsLineEnd(Next) || Next is ',' or ';' || IsComment()))
        {
            PassOne();
        }
    }


    /// <summary>Passes what stands between a key and its value: blanks, and one <c>=</c> or <c>:</c>.</summary>
    public void PassAssignment()
    {
        PassBlanks();
        if (Next is '=' or ':')
        {
            Step();
        }

        PassBlanks();
    }

    /// <summary>A key, bare or quoted.</summary>
    public string ReadKey()
    {
        if (Next is '"' or '\'')
        {
            return ReadQuoted();
        }

        int start = _at;
        while (!IsAtEnd && !IsBlank(Next) && !IsLineEnd(Next) && Next is not ('=' or ':' or '{' or '}' or '[' or ']' or ',' or ';' or '#'))
        {
            Step();
        }

        return text[start.._at];
    }

    /// <summary>What stands until a blank, a separator or the end of the block or list. A <c>#</c> within is part of it.</summary>
    public string ReadBare()
    {
        int start = _at;
        while (!IsAtEnd && !IsBlank(Next) && !IsLineEnd(Next) && Next is not (',' or ';' or '}' or ']'))
        {
            Step();
        }

        return text[start.._at];
    }

    /// <summary>A text in single quotes as it is, or one in double quotes with its escapes.</summary>
    public string ReadQuoted()
    {
        ConfigurationPlace place = Place;
        char quote = Next;
        Step();
        StringBuilder read = new();
        while (true)
        {
            if (IsAtEnd)
            {
                throw new ConfigurationException(place, $"a text that begins with {quote} has no end; accepted is {quote} behind it");
            }

            char c = Next;
            Step();
            if (c == quote)
            {
                return read.ToString();
            }

            read.Append(c == '\\' && quote == '"' ? ReadEscape() : c);
        }
    }

    /// <summary>A text in parentheses over several lines: it ends with <c>)</c> alone on a line, and is given without the outer ends.</summary>
    public string ReadParagraph()
    {
        ConfigurationPlace place = Place;
        Step();
        int start = _at;
        while (!IsAtEnd)
        {
            int lineStart = _at;
            while (!IsAtEnd && !IsLineEnd(Next))
            {
                Step();
            }

            if (text.AsSpan(lineStart, _at - lineStart).Trim() is ")")
            {
                return text[start..lineStart].Trim('\r', '\n');
            }

            if (!IsAtEnd)
            {
                Step();
            }
        }

        throw new ConfigurationException(place, "a text that begins with ( has no end; accepted is a line with nothing but )");
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\uFEFF';

    private static bool IsLineEnd(char c) => c is '\n' or '\r';

    private bool IsComment() => Next == '#' || (Next == '/' && _at + 1 < text.Length && text[_at + 1] == '/');

    private void PassOne()
    {
        if (!IsComment())
        {
            Step();
            return;
        }

        while (!IsAtEnd && Next != '\n')
        {
            Step();
        }
    }

    private void PassBlanks()
    {
        while (!IsAtEnd && IsBlank(Next))
        {
            Step();
        }
    }

    private char ReadEscape()
    {
        ConfigurationPlace place = Place;
        char c = Next;
        if (!IsAtEnd)
        {
            Step();
        }

        return c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            'x' => ReadHexadecimal(place),
            _ => throw new ConfigurationException(place, $@"'\{c}' is no escape; accepted are \n \t \r \"" \\ and \x with two hexadecimal digits"),
        };
    }

    private char ReadHexadecimal(ConfigurationPlace place)
    {
        if (_at + 2 <= text.Length && byte.TryParse(text.AsSpan(_at, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value))
        {
            Step();
            Step();
            return (char)value;
        }

        throw new ConfigurationException(place, @"'\x' needs two hexadecimal digits");
    }

    private void Step()
    {
        if (text[_at] == '\n')
        {
            _line++;
        }

        _at++;
    }
}
