using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Explorer.Hosting;

/// <summary>
/// The Content-Security-Policy of the pages. Plotly adds its style rules to a style element that it finds by its id; the layout contains that
/// element, and the policy allows it by its hash. Only the empty style attribute is allowed, which Plotly sets on the image of a heat map.
/// </summary>
internal static class ContentPolicy
{
    /// <summary>The text of the style element to which Plotly adds its rules.</summary>
    public const string PlotlyStyle = "/* Plotly's rules */";

    private static readonly string StyleAttribute = "style-src-attr 'unsafe-hashes' " + Hash("");

    /// <summary>Gets the policy of served pages: everything from this server, nothing inline.</summary>
    public static string Served { get; } =
        "default-src 'none'; script-src 'self'; style-src 'self' " + Hash(PlotlyStyle) + "; " + StyleAttribute + "; img-src 'self' data: blob:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Returns the policy of an exported page: everything from its folder, nothing inline.</summary>
    /// <param name="runsModel">Whether the page compiles WebAssembly.</param>
    public static string Exported(bool runsModel) =>
        $"default-src 'none'; script-src 'self'{(runsModel ? " 'wasm-unsafe-eval'" : "")}; style-src 'self' {Hash(PlotlyStyle)}; {StyleAttribute}; "
        + "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
