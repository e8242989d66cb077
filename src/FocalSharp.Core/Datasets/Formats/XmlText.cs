using System.Xml;

namespace FocalSharp.Datasets.Formats;

/// <summary>What all writers of XML share.</summary>
internal static class XmlText
{
    /// <summary>Returns a text with characters that XML cannot represent replaced by underscores.</summary>
    public static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "_" : rune.ToString()));
}
