using System.Text;
using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.TestSupport.Fuzzing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Fuzzing;

/// <summary>The files of recipes and runs, which travel between machines and are edited by hand.</summary>
public sealed class RunFuzzTests : IDisposable
{
    private const string Yaml = """
        base: gfl-lite
        name: mine
        description: "as I like it"
        model: { backbone: { depth: 18, baseChannels: 32, frozenBatchNorm: false }, head: { regMax: 12, strides: [8, 16, 32, 64] } }
        input: { longSide: 320, shortSide: 320, multiScale: [], squareCanvas: true }
        augmentation: { horizontalFlip: 0.5, scaleRange: [0.75, 1.35], mosaic: 0 }
        optimizer: { kind: adamW, learningRate: 1e-3 }
        freeze: [backbone, neck.*.bias]
        epochs: 3
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recipes() => Fuzz(
        "mine.yaml", Encoding.UTF8.GetBytes(Yaml), path => RecipeBook.Describe(RecipeBook.Load(path).Validate()), new(8 << 20, 400),
        "&a ", "*a", "- ", ": ", "? ", "[", "]", "{", "}", "!!float ", "null", "~", "base: gfl-lite\n", "base: [a]\n", "true", "<<: ", "\t", "---\n", "qualityPredictor: true", "csp: {}", "model: 3\n");

    [Fact]
    public void Overrides_on_the_command_line()
    {
        Recipe recipe = RecipeBook.Load("gfl-lite");
        Fuzzer.Run(
            ["model.head.strides=8,16,32"u8.ToArray(), "input.multiScale=[288, 320]"u8.ToArray(), "optimizer.learningRate=0.02"u8.ToArray(), "freeze=backbone"u8.ToArray()],
            Words("=", ".", "[", "{", ":", "&a", "*a", "model.", "..", "null"),
            bytes => RecipeBook.Describe(RecipeBook.Set(recipe, Encoding.UTF8.GetString(bytes))),
            new(4 << 20, 400));
    }

    [Fact]
    public void Records_of_runs()
    {
        RunFolder run = RunFolder.Create(_folder.In("run"));
        RunManifest.Create(new TrainingRequest { Data = "demo", Recipe = RecipeBook.Load("gfl-lite") }, RecipeBook.Load("gfl-lite")).Save(run);
        Fuzzer.Run(
            [File.ReadAllBytes(run.ManifestPath)],
            Words("null", "{", "}", "[", "]", "\"recipe\":", "1e999", "\"\\ud800\"", "\"data\": null,", "{\"epochs\": null}", ",", ":"),
            bytes =>
            {
                File.WriteAllBytes(run.ManifestPath, bytes);
                RunManifest record = RunManifest.Read(run);
                Assert.NotNull(record.Data);
                Assert.All(record.Recipe.Values, Assert.NotNull);
            },
            new(1 << 20, 200));
    }

    [Fact]
    public void Metrics() => Fuzz(
        "metrics.csv", "epoch,step,loss\n1,10,0.5\n2,20,\n3,30,0.25\n"u8.ToArray(), path => MetricsLog.Read(path), new(1 << 20, 10_000), ",", "\n", "\r", "nan", "\"", ";", "1e999");

    [Fact]
    public void Headers_of_models()
    {
        string path = _folder.In("model.safetensors");
        DetectorCheckpoint.Save(path, new DetectorOptions { Classes = ["cat"] }, new StateDict([new("w", StateTensor.From(new float[4], 4))]));
        IReadOnlyDictionary<string, string> metadata = SafetensorsFile.ReadMetadata(path);
        Fuzzer.Run(
            [Encoding.UTF8.GetBytes(metadata["focalsharp"])],
            Words("null", "{", "}", "[", "]", "\"options\":", "\"head\":null", "1e999", "\"\\ud800\"", "\"strides\":[]", "\"classes\":null", ",", ":", "\"gn\"", "\"group\""),
            bytes =>
            {
                Dictionary<string, string> changed = new(metadata) { ["focalsharp"] = Encoding.UTF8.GetString(bytes) };
                SafetensorsFile.Write(path, [new("w", StateTensor.From(new float[4], 4))], changed);
                DetectorOptions options = DetectorCheckpoint.ReadOptions(path);
                Assert.NotNull(options.Head.Strides);
                Assert.All(options.Classes, Assert.NotNull);
            },
            new(2 << 20, 400));
    }

    [Fact]
    public void States_of_runs()
    {
        RunCheckpoint state = new()
        {
            Tensors = [new("model.w", StateTensor.From(new float[4], 4))],
            NextStep = 3,
            TensorBoardLengths = new Dictionary<string, long> { ["events"] = 7 },
        };
        StateDict stored = state.ToStateDict();
        string seed = JsonSerializer.Serialize(stored.Metadata);
        Fuzzer.Run(
            [Encoding.UTF8.GetBytes(seed)],
            Words("null", "{", "}", "[", "]", "1e999", "\\\"ScheduleRescale\\\":{}", "\\\"TensorBoardLengths\\\":null", "\\\"Phases\\\":null", ",", ":", "-1", "\\\""),
            bytes =>
            {
                Dictionary<string, string>? metadata;
                try
                {
                    metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(bytes);
                }
                catch (JsonException)
                {
                    return;
                }

                if (metadata is not null && metadata.Values.All(value => value is not null))
                {
                    RunCheckpoint.FromStateDict(new StateDict(stored, metadata));
                }
            },
            new(1 << 20, 400));
    }

    [Fact]
    public void Files_of_states()
    {
        CheckpointStore store = new(_folder.In("state"));
        store.Write(new RunCheckpoint { Tensors = [new("model.w", StateTensor.From(new float[4], 4))], NextStep = 3 });
        string file = Directory.GetFiles(_folder.In("state")).Single();
        byte[] valid = File.ReadAllBytes(file);
        Fuzzer.Run(
            [valid],
            Words("\"sha256\":", "{", "}", "null", "\"progress\":"),
            bytes =>
            {
                File.WriteAllBytes(file, bytes);
                store.ReadNewest(_ => { });
            },
            new(1 << 20, 400));
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    private void Fuzz(string name, byte[] valid, Action<string> read, MemoryLimit bound, params string[] words)
    {
        string path = _folder.In(name);
        Fuzzer.Run(
            [valid],
            Words(words),
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                read(path);
            },
            bound);
    }
}
