using FocalSharp.Checkpoints;
using FocalSharp.Models;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Runs;

/// <summary>Runs of version 0.1: their files are read, or a clear message says why not.</summary>
public sealed class FirstVersionFilesTests : IDisposable
{
    private const string Manifest = """
        {
          "format": 1, "data": "demo", "dataPath": "demo", "demoFolder": "/somewhere/runs/demo-data", "seed": 3, "precision": 1, "device": "cpu", "threads": 2,
          "command": "focalsharp train demo", "recipe": { "name": "gfl-demo", "plainShare": "0", "sentinel.onFault": "skip" }, "finished": false
        }
        """;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_manifest_is_read_with_the_folder_of_its_scenes()
    {
        RunManifest manifest = RunManifest.Read(Create());

        Assert.Equal("demo", manifest.Data);
        Assert.Equal("/somewhere/runs/demo-data", manifest.DataPath);
        Assert.Equal("gfl-demo", manifest.Recipe["name"]);
    }

    [Fact]
    public void A_run_is_not_resumed()
    {
        RunFolder folder = Create();

        TrainingException error = Assert.Throws<TrainingException>(() => TrainingRequest.Resume(folder.Path));

        Assert.Contains("was started by FocalSharp 0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoints_are_not_read()
    {
        string states = _temporary.In("state");
        SafetensorsFile.Write(
            Path.Combine(Directory.CreateDirectory(states).FullName, "state-000000004.safetensors"),
            new StateDict([new("model.w", StateTensor.From(new float[4], 4))]),
            new Dictionary<string, string> { ["focalsharp.state"] = "1", ["progress"] = "{}", ["records"] = "{}", ["sha256"] = "00" });

        TrainingException error = Assert.Throws<TrainingException>(() => new CheckpointStore(states).ReadNewest(_ => { }));

        Assert.Contains("FocalSharp 0.1", error.Message, StringComparison.Ordinal);
    }

    private RunFolder Create()
    {
        RunFolder folder = RunFolder.Create(_temporary.In("run"));
        File.WriteAllText(folder.ManifestPath, Manifest);
        return folder;
    }
}
