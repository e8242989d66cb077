using FocalSharp.Evaluation;

namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>An annotation and a results file that go when they are done with.</summary>
internal sealed class CocoFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-coco-").FullName;

    private CocoFolder()
    {
    }

    public string Truth => Path.Combine(_folder, "objects.json");

    public string Results => Path.Combine(_folder, "results.json");

    /// <summary>Size of both.</summary>
    public long Bytes => new FileInfo(Truth).Length + new FileInfo(Results).Length;

    public static CocoFolder Write(int images, int objects, int detections)
    {
        CocoFolder folder = new();
        (CocoGroundTruth truth, CocoResults results) = SimulatedCoco.Create(images, objects, detections);
        SimulatedCoco.Write(truth, folder.Truth);
        results.Write(folder.Results);
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
