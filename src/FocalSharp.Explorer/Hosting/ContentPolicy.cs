using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Explorer.Hosting;

/// <summary>
/// The content security policy: what a page may load. Plotly keeps its few style rules in a style element that it looks up by id; the
/// layout puts that element there, and the policy knows it by its hash.
/// </summary>
internal static class ContentPolicy
{
    /// <summary>The text within the style element that Plotly adds its rules to.</summary>
    public const string PlotlyStyle = "/* Plotly's rules */";

    /// <summary>Policy of served pages: everything from here, nothing inline.</summary>
    public static string Served { get; } =
        "default-src 'none'; script-src 'self'; style-src 'self' " + Hash(PlotlyStyle) + "; img-src 'self' data: blob:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Policy of an exported page: what is written within it, nothing from anywhere.</summary>
    public static string Exported(IEnumerable<string> styles, IEnumerable<string> scripts) =>
        $"default-src 'none'; script-src {string.Join(' ', scripts.Select(Hash))}; "
        + $"style-src {string.Join(' ', styles.Append(PlotlyStyle).Select(Hash))}; img-src data: blob:; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
