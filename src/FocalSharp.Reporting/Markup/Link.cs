using System.Text;
using System.Text.Encodings.Web;

namespace FocalSharp.Reporting.Markup;

/// <summary>Text that links to an address, or is only text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Address">The address; null for none.</param>
internal readonly record struct Link(string Text, string? Address)
{
    /// <summary>Appends the element with escaped text and address.</summary>
    public void AppendTo(StringBuilder html, HtmlEncoder encoder)
    {
        if (Address is null)
        {
            html.Append(encoder.Encode(Text));
            return;
        }

        html.Append("<a class=\"images\" href=\"").Append(encoder.Encode(Address)).Append("\">").Append(encoder.Encode(Text)).Append("</a>");
    }
}
