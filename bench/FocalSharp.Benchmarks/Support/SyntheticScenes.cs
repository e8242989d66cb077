using FocalSharp.Datasets;
using FocalSharp.Synthetic;

namespace FocalSharp.Benchmarks.Support;

/// <summary>A small set of synthetic scenes in the temporary folder, drawn once per process.</summary>
internal static class SyntheticScenes
{
    private static readonly Lazy<DetectionDataset> Dataset = new(() => DemoDataset.Create(
        Path.Combine(Path.GetTempPath(), "focalsharp-bench", $"scenes-{Environment.ProcessId}"),
        new DemoOptions { TrainImages = 96, ValImages = 16, Scenes = new SceneOptions { ImageSize = 384 } }));

    /// <summary>Gets the scenes.</summary>
    public static DetectionDataset All => Dataset.Value;
}
