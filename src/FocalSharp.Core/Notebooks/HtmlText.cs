using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace FocalSharp.Notebooks;

/// <summary>Creates HTML for notebooks.</summary>
internal static class HtmlText
{
    /// <summary>The MIME type of HTML.</summary>
    public const string MimeType = "text/html";

    /// <summary>Returns markup with its interpolated values escaped, and numbers as in English.</summary>
    public static string Create(ref EscapingHandler markup) => markup.ToString();

    /// <summary>Builds the text: literal parts are markup, interpolated values are data.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct EscapingHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (8 * formattedCount));

        /// <summary>Appends markup.</summary>
        public void AppendLiteral(string markup) => _text.Append(markup);

        /// <summary>Appends data.</summary>
        public void AppendFormatted<T>(T data, string? format = null) =>
            _text.Append(WebUtility.HtmlEncode(data is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : data?.ToString()));

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();
    }
}
