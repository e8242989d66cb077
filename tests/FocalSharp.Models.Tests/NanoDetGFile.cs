using FocalSharp.Models.Catalog;

namespace FocalSharp.Models.Tests;

/// <summary>Finds the published NanoDet-g, which is not in the repository.</summary>
internal static class NanoDetGFile
{
    /// <summary>The variable that names <c>nanodet.json</c> (its shard beside it) or weights imported from it.</summary>
    private const string Variable = "FOCALSHARP_NANODET_G";

    /// <summary>Our weights file of it, from the variable or the cache; skips the running test where there is none.</summary>
    public static string Require(TemporaryFolder folder)
    {
        ModelStore store = new();
        string? path = Environment.GetEnvironmentVariable(Variable) ?? store.Find(store.Get("nanodet-g-coco"))?.Path;
        Assert.SkipUnless(
            File.Exists(path),
            $"NanoDet-g's weights not found: run 'focalsharp models pull nanodet-g-coco', or set {Variable} to its nanodet.json");
        if (!path!.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }

        string target = folder.In("nanodet-g.safetensors");
        NanoDetWeights.Convert(path, target);
        return target;
    }
}
