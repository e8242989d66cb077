using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace FocalSharp.Reporting.Markup;

/// <summary>
/// Builds HTML and SVG from interpolated strings: the literal parts are markup, the interpolated values are data and are escaped.
/// </summary>
internal sealed class HtmlBuilder
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup with escaped data.</summary>
    public HtmlBuilder Add([InterpolatedStringHandlerArgument("")] ref EscapingHandler markup)
    {
        _ = markup;
        _text.Append('\n');
        return this;
    }

    /// <summary>Appends trusted markup, which is not escaped.</summary>
    public HtmlBuilder AddTrusted(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>Splits an interpolated string into markup and data.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct EscapingHandler
    {
        private readonly StringBuilder _text;

        public EscapingHandler(int literalLength, int formattedCount, HtmlBuilder builder)
        {
            _text = builder._text;
            _text.EnsureCapacity(_text.Length + literalLength + (8 * formattedCount));
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? data) => _text.Append(Encoder.Encode(data ?? ""));

        public void AppendFormatted(Link link) => link.AppendTo(_text, Encoder);

        public void AppendFormatted(int number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number, string? format = null) => _text.Append(number.ToString(format, CultureInfo.InvariantCulture));
    }
}
