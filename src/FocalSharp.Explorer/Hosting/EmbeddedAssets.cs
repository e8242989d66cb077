using System.Collections.Frozen;
using System.Reflection;
using System.Resources;

namespace FocalSharp.Explorer.Hosting;

/// <summary>What the pages load: our files below <c>wwwroot</c>, and the plotly.js that Plotly.NET carries.</summary>
internal static class EmbeddedAssets
{
    /// <summary>Name under which plotly.js is served.</summary>
    public const string Plotly = "js/plotly.min.js";

    private const string Prefix = "wwwroot/";
    private const string PlotlyResource = "Plotly.NET.plotly-2.28.0.min.js";
    private static readonly Lazy<FrozenDictionary<string, Asset>> All = new(Load);

    /// <summary>Every asset.</summary>
    public static IReadOnlyCollection<Asset> Items => All.Value.Values;

    /// <summary>The asset of a name.</summary>
    /// <exception cref="MissingManifestResourceException">There is none: a page names a file that was not built in.</exception>
    public static Asset Get(string name) => Find(name) ?? throw new MissingManifestResourceException($"No asset '{name}'.");

    /// <summary>The asset of a name, or null.</summary>
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
