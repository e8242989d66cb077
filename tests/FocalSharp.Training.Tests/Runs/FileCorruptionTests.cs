using FocalSharp.Checkpoints;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Models;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Runs;

/// <summary>
/// Data that changes or disappears during a run, or before it is resumed: each time a clear message, and once it is restored, the run ends
/// with the bits of an uninterrupted one. ResumeTests has the missing training image and the changed box.
/// </summary>
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class FileCorruptionTests : IClassFixture<SceneFolder>, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly string _data;

    public FileCorruptionTests(SceneFolder scenes) => _data = scenes.CopyTo(_temporary.In("data"));

    // Nothing is cached, so that every epoch reads the files again.
    private static Recipe Uncached => TinyRecipe.Create() with { Epochs = 3, CacheMegabytes = 0, Augmentation = AugmentationOptions.ResizeAndFlip };

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("train", "cut")]
    [InlineData("val", "gone")]
    [InlineData("val", "cut")]
    public void A_file_that_is_damaged_during_training_ends_the_run_with_its_name_and_nothing_is_lost(string split, string how)
    {
        Recipe recipe = Uncached with { EvaluateEvery = 3, OnBadImage = FailureAction.Stop };
        RunFolder whole = Run(Request("whole", recipe));
        string image = Images(split)[0];
        byte[] bytes = File.ReadAllBytes(image);
        TrainingException error = Assert.Throws<TrainingException>(() => Run(Request("broken", recipe), step =>
        {
            if (step == 3)
            {
                Corrupt(image, bytes, how);
            }
        }));

        Assert.Contains(Path.GetFileName(image), error.Message, StringComparison.Ordinal);
        Assert.Equal(_temporary.In("broken"), error.RunFolder);
        File.WriteAllBytes(image, bytes);
        RunFolder broken = RunFolder.FindToResume(_temporary.In("broken"));
        Run(RunManifest.Read(broken).ToRequest(broken));
        Assert.Equal(Weights(whole), Weights(broken));
    }

    [Theory]
    [InlineData("train", "cut")]
    [InlineData("train", "gone")]
    [InlineData("val", "cut")]
    public void A_file_that_is_damaged_during_training_is_skipped_and_named_in_the_result(string split, string how)
    {
        string image = Images(split)[0];
        byte[] bytes = File.ReadAllBytes(image);
        RunFolder run = Run(Request("run", Uncached with { EvaluateEvery = 3 }), step =>
        {
            if (step == 3)
            {
                Corrupt(image, bytes, how);
            }
        });

        using System.Text.Json.JsonDocument result = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(run.ResultPath));
        Assert.Equal([Path.GetFullPath(image)], result.RootElement.GetProperty("skipped_images").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(3, result.RootElement.GetProperty("epochs").GetInt32());
    }

    [Fact]
    public void A_file_that_is_truncated_before_training_is_skipped_and_named_in_the_result()
    {
        string image = Images("train")[1];
        byte[] bytes = File.ReadAllBytes(image);
        File.WriteAllBytes(image, bytes[..(bytes.Length / 2)]);

        TrainingResult result = TrainingRun.Run(Request("run", Uncached with { Epochs = 1 }), new RecordingMonitor(), TestContext.Current.CancellationToken);

        Assert.Equal([Path.GetFullPath(image)], result.Result!.SkippedImages);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("gone")]
    [InlineData("another class")]
    [InlineData("image gone")]
    [InlineData("image of another length")]
    public void Changed_data_is_refused_when_a_run_is_resumed_and_nothing_changes(string how)
    {
        RunFolder whole = Run(Request("whole", Uncached));
        RunFolder broken = RunUntil(Request("broken", Uncached), 1);
        Dictionary<string, byte[]> before = Files(broken);
        string annotations = Directory.GetFiles(_data, "*train*.json", SearchOption.AllDirectories).Single();
        string file = how.StartsWith("image", StringComparison.Ordinal) ? Images("train")[0] : annotations;
        byte[] bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "broken":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case "another class":
                string text = File.ReadAllText(file);
                string name = System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("categories")[0].GetProperty("name").GetString()!;
                File.WriteAllText(file, text.Replace($"\"{name}\"", "\"unicorn\"", StringComparison.Ordinal));
                break;
            case "image of another length":
                File.WriteAllBytes(file, [.. bytes, 0]);
                break;
            default:
                File.Delete(file);
                break;
        }

        DatasetException error = Assert.Throws<DatasetException>(() => Run(RunManifest.Read(broken).ToRequest(broken)));

        Assert.Contains(how == "another class" ? "classes" : how.StartsWith("image", StringComparison.Ordinal) ? Path.GetFileName(file) : "is not the data that", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.Keys.Order(), Files(broken).Keys.Order());
        Assert.All(Files(broken), entry => Assert.Equal(before[entry.Key], entry.Value));
        File.WriteAllBytes(file, bytes);
        Run(RunManifest.Read(broken).ToRequest(broken));
        Assert.Equal(Weights(whole), Weights(broken));
    }

    [Fact]
    public void A_file_in_place_of_the_checkpoints_is_reported_when_a_run_is_resumed()
    {
        RunFolder broken = RunUntil(Request("broken", Uncached), 1);
        TrainingRequest stored = RunManifest.Read(broken).ToRequest(broken);
        string states = broken.CheckpointsPath;
        Directory.Move(states, states + ".kept");
        File.WriteAllText(states, "");

        Assert.Contains(Path.GetFileName(states), Assert.Throws<TrainingException>(() => Run(stored)).Message, StringComparison.Ordinal);
    }

    private static void Corrupt(string image, byte[] bytes, string how)
    {
        if (how == "gone")
        {
            File.Delete(image);
        }
        else
        {
            File.WriteAllBytes(image, bytes[..(bytes.Length / 2)]);
        }
    }

    private static Dictionary<string, byte[]> Files(RunFolder folder) => Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
        .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
        .ToDictionary(path => Path.GetRelativePath(folder.Path, path), File.ReadAllBytes);

    private static byte[] Weights(RunFolder folder) =>
        [.. Checkpoint.Read(folder.LastWeightsPath).Weights.SelectMany(entry => entry.Value.Data.ToArray())];

    private string[] Images(string split) =>
    [
        .. Directory.GetFiles(_data, "*.jpg", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(_data, path).Contains(split, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    private static RunFolder Run(TrainingRequest request, Action<int>? onStep = null)
    {
        RecordingMonitor listener = new() { OnStep = step => onStep?.Invoke(step.Step) };
        return TrainingRun.Run(request, listener, TestContext.Current.CancellationToken).Folder;
    }

    private static RunFolder RunUntil(TrainingRequest request, int lastStep)
    {
        using CancellationTokenSource cancellationToken = new();
        RecordingMonitor listener = new() { OnStep = step => { if (step.Step == lastStep) { cancellationToken.Cancel(); } } };
        return TrainingRun.Run(request, listener, cancellationToken.Token).Folder;
    }

    private TrainingRequest Request(string name, Recipe recipe) => new()
    {
        Data = _data,
        Recipe = recipe,
        OutputFolder = _temporary.In(name),
        CommandLine = "focalsharp train",
        Options = new TrainerOptions { Precision = Precision.Float32 },
    };
}
