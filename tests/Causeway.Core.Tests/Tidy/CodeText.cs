namespace Causeway.Core.Tests.Tidy;

/// <summary>
/// A C# text with its comments and the contents of its strings blanked out, so that braces and words that are left are code. Lines
/// stay where they are. Knows all forms of strings but holes in raw ones.
/// </summary>
internal sealed class CodeText
{
    private readonly string _text;
    private readonly char[] _code;

    private CodeText(string text)
    {
        _text = text;
        _code = [.. text.Select(c => c == '\n' ? '\n' : ' ')];
        ReadCode(0, inHole: false);
    }

    /// <summary>The comments with the places that they begin at; documentation comments are left out.</summary>
    public List<(int At, string Text)> Comments { get; } = [];

    public static (string Code, List<(int At, string Text)> Comments) Read(string text)
    {
        CodeText read = new(text);
        return (new string(read._code), read.Comments);
    }

    private bool At(int at, string what) => string.CompareOrdinal(_text, at, what, 0, what.Length) == 0;

    /// <summary>Copies code from <paramref name="at"/> to the end, or to the brace that ends a hole; returns where that is.</summary>
    private int ReadCode(int at, bool inHole)
    {
        int depth = 0;
        while (at < _text.Length)
        {
            char c = _text[at];
            if (At(at, "//") || At(at, "/*"))
            {
                at = SkipComment(at);
            }
            else if (c == '\'')
            {
                at = SkipQuoted(at + 1, '\'');
            }
            else if (c is '"' or '$' or '@' && StringAt(at, out int quote))
            {
                at = SkipString(at, quote);
            }
            else if (inHole && c == '}' && depth == 0)
            {
                return at;
            }
            else
            {
                depth += c switch { '{' => 1, '}' => -1, _ => 0 };
                if (!inHole || c is not ('{' or '}'))
                {
                    _code[at] = c;
                }

                at++;
            }
        }

        return at;
    }

    private int SkipComment(int at)
    {
        bool block = At(at, "/*");
        int end = block ? _text.IndexOf("*/", at + 2, StringComparison.Ordinal) + 2 : _text.IndexOf('\n', at);
        end = end <= 1 ? _text.Length : end;
        if (!At(at, "///"))
        {
            Comments.Add((at, _text[at..end]));
        }

        return end;
    }

    /// <summary>True if <paramref name="at"/> is a string's beginning with its dollars and at signs; then where its quotes are.</summary>
    private bool StringAt(int at, out int quote)
    {
        quote = at;
        while (quote < _text.Length && _text[quote] is '$' or '@')
        {
            quote++;
        }

        return quote < _text.Length && _text[quote] == '"';
    }

    private int SkipString(int at, int quote)
    {
        int quotes = 0;
        while (quote + quotes < _text.Length && _text[quote + quotes] == '"')
        {
            quotes++;
        }

        if (quotes >= 3)
        {
            return _text.IndexOf(new string('"', quotes), quote + quotes, StringComparison.Ordinal) + quotes;
        }

        string prefix = _text[at..quote];
        return SkipInterpolated(quote + 1, verbatim: prefix.Contains('@'), holes: prefix.Contains('$'));
    }

    private int SkipInterpolated(int at, bool verbatim, bool holes)
    {
        while (at < _text.Length)
        {
            if (_text[at] == '"')
            {
                if (!verbatim || !At(at, "\"\""))
                {
                    return at + 1;
                }

                at += 2;
            }
            else if (!verbatim && _text[at] == '\\')
            {
                at += 2;
            }
            else if (holes && _text[at] == '{')
            {
                at = At(at, "{{") ? at + 2 : ReadCode(at + 1, inHole: true) + 1;
            }
            else
            {
                at++;
            }
        }

        return at;
    }

    private int SkipQuoted(int at, char quote)
    {
        while (at < _text.Length && _text[at] != quote)
        {
            at += _text[at] == '\\' ? 2 : 1;
        }

        return at + 1;
    }
}
