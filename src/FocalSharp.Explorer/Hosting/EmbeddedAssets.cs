using System.Collections.Frozen;
using System.Reflection;
using System.Resources;

namespace FocalSharp.Explorer.Hosting;

/// <summary>The files that the pages load: those below <c>wwwroot</c>, and those of npm packages (<c>web/pack.mjs</c>).</summary>
internal static class EmbeddedAssets
{
    /// <summary>The name of plotly.js.</summary>
    public const string Plotly = "js/plotly.min.js";

    private const string OwnPrefix = "wwwroot/";
    private const string PackagePrefix = "packages/";
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
        Assembly assembly = typeof(EmbeddedAssets).Assembly;
        string[] names = assembly.GetManifestResourceNames();
        IEnumerable<Asset> own = names.Where(name => name.StartsWith(OwnPrefix, StringComparison.Ordinal))
            .Select(name => Asset.FromContent(name[OwnPrefix.Length..], Read(assembly, name)));
        IEnumerable<Asset> packages = names.Where(name => name.StartsWith(PackagePrefix, StringComparison.Ordinal))
            .Select(name => Asset.FromBrotli(name[PackagePrefix.Length..], Read(assembly, name)));
        return own.Concat(packages).ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name) ?? throw new MissingManifestResourceException(name);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
