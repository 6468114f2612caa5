using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Causeway.Director.Pages;

/// <summary>
/// A piece of HTML. What stands in the literal parts of an interpolated string is markup, what is put into its holes is escaped, unless
/// it is a piece of HTML itself. So a name can't become markup by being forgotten.
/// </summary>
internal readonly struct Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty => default;

    /// <summary>The piece that <paramref name="markup"/> makes.</summary>
    public static Html Of(ref Builder markup) => new(markup.Text());

    /// <summary>The pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    /// <summary>The text of an own asset, which is markup.</summary>
    public static Html Asset(string text) => new(text);

    public override string ToString() => _text ?? "";

    /// <summary>Puts a piece together.</summary>
    [InterpolatedStringHandler]
    public ref struct Builder
    {
        private readonly StringBuilder _text;

        public Builder(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

        public readonly void AppendLiteral(string markup) => _text.Append(markup);

        public readonly void AppendFormatted(Html markup) => _text.Append(markup.ToString());

        public readonly void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

        public readonly void AppendFormatted(int number) => _text.Append(number);

        internal readonly string Text() => _text.ToString();
    }
}
