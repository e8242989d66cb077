using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Explorer.Hosting;

/// <summary>
/// The content security policy: what a page may load. Plotly keeps its few style rules in a style element that it looks up by id; the
/// layout puts that element there, and the policy knows it by its hash. Of style attributes only the empty one is let through, which
/// Plotly gives to the picture of a heat map.
/// </summary>
internal static class ContentPolicy
{
    /// <summary>The text within the style element that Plotly adds its rules to.</summary>
    public const string PlotlyStyle = "/* Plotly's rules */";

    private static readonly string StyleAttribute = "style-src-attr 'unsafe-hashes' " + Hash("");

    /// <summary>Policy of served pages: everything from here, nothing inline.</summary>
    public static string Served { get; } =
        "default-src 'none'; script-src 'self'; style-src 'self' " + Hash(PlotlyStyle) + "; " + StyleAttribute + "; img-src 'self' data: blob:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Policy of an exported page: what is written within it, nothing from anywhere.</summary>
    public static string Exported(IEnumerable<string> styles, IEnumerable<string> scripts) =>
        $"default-src 'none'; script-src {string.Join(' ', scripts.Select(Hash))}; "
        + $"style-src {string.Join(' ', styles.Append(PlotlyStyle).Select(Hash))}; {StyleAttribute}; img-src data: blob:; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
