using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>An annotation and a results file, deleted on disposal.</summary>
internal sealed class SimulatedCocoFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-coco-").FullName;

    private SimulatedCocoFolder()
    {
    }

    public string GroundTruth => Path.Combine(_folder, "objects.json");

    public string Results => Path.Combine(_folder, "results.json");

    /// <summary>Gets the size of both files in bytes.</summary>
    public long Bytes => new FileInfo(GroundTruth).Length + new FileInfo(Results).Length;

    public static SimulatedCocoFolder Write(int images, int objects, int detections)
    {
        SimulatedCocoFolder folder = new();
        (CocoGroundTruth truth, CocoResults results) = SimulatedCoco.Create(images, objects, detections);
        SimulatedCoco.Write(truth, folder.GroundTruth);
        results.Write(folder.Results);
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
