using System.Collections.Frozen;
using System.Reflection;
using System.Resources;

namespace FocalSharp.Explorer.Hosting;

/// <summary>The files that the pages load: those below <c>wwwroot</c>, and the plotly.js in Plotly.NET.</summary>
internal static class EmbeddedAssets
{
    /// <summary>The name of plotly.js.</summary>
    public const string Plotly = "js/plotly.min.js";

    private const string Prefix = "wwwroot/";
    private const string PlotlyResource = "Plotly.NET.plotly-2.28.0.min.js";
    private static readonly Lazy<FrozenDictionary<string, Asset>> All = new(Load);

    /// <summary>Gets all assets.</summary>
    public static IReadOnlyCollection<Asset> Items => All.Value.Values;

    /// <summary>Returns the asset with a name.</summary>
    /// <exception cref="MissingManifestResourceException">There is no such asset: a page uses a file that is not embedded.</exception>
    public static Asset Get(string name) => Find(name) ?? throw new MissingManifestResourceException($"No asset '{name}'.");

    /// <summary>Returns the asset with a name, or null.</summary>
    public static Asset? Find(string name) => All.Value.GetValueOrDefault(name);

    private static FrozenDictionary<string, Asset> Load()
    {
        Assembly own = typeof(EmbeddedAssets).Assembly;
        IEnumerable<Asset> assets = own.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => new Asset(name[Prefix.Length..], ContentType(name), Read(own, name)));
        return assets
            .Append(new Asset(Plotly, ContentType(Plotly), Read(Assembly.Load("Plotly.NET"), PlotlyResource)))
            .ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name) ?? throw new MissingManifestResourceException(name);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
}
