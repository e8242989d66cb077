using FocalSharp.Checkpoints;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Runs;

/// <summary>Resuming within one process; KillAndResumeTests of the tool do it to real processes.</summary>
public sealed class ResumeTests : IClassFixture<SceneFolder>, IDisposable
{
    private readonly SceneFolder _scenes;
    private readonly TemporaryFolder _temporary = new();

    public ResumeTests(SceneFolder scenes) => _scenes = scenes;

    private static Recipe EveryStep => Create(epochs: 3) with { Checkpoint = new CheckpointOptions { Steps = 1 } };

    public static TheoryData<string, int> InterruptionPoints => new()
    {
        { "epochs=3", 0 }, // within the first epoch
        { "epochs=3", 2 }, // its last step
        { "epochs=3", 4 },
        { "optimizer.kind=sgd", 1 },
        { "accumulate=2", 1 },
        { "emaDecay=0", 3 },
        { "schedule.kind=step", 4 },
    };

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(InterruptionPoints))]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void A_resumed_run_ends_with_the_bits_of_an_uninterrupted_one(string setting, int lastStep)
    {
        Recipe recipe = RecipeBook.Set(Create(epochs: 3), setting);
        RunFolder whole = Uninterrupted(recipe);
        RunFolder broken = RunUntil(Request("broken", recipe), lastStep);

        TrainingResult resumed = Resume(broken);

        Assert.False(resumed.Interrupted);
        Assert.Equal(3, resumed.Epochs);
        AssertSame(whole, broken);
    }

    [Fact]
    public void A_run_may_be_stopped_and_resumed_at_every_step()
    {
        Recipe recipe = Create(epochs: 2);
        RunFolder whole = Uninterrupted(recipe);
        RunFolder broken = RunUntil(Request("broken", recipe), 0);
        for (int step = 1; step < 6; step++)
        {
            RunUntil(Stored(broken), step);
        }

        Resume(broken);

        AssertSame(whole, broken);
    }

    [Fact]
    public void A_run_without_a_checkpoint_starts_over()
    {
        Recipe recipe = Create(epochs: 2);
        RunFolder whole = Uninterrupted(recipe);
        RunFolder broken = RunUntil(Request("broken", recipe), 1);
        Directory.Delete(broken.CheckpointsPath, recursive: true); // as if killed before the first checkpoint

        Resume(broken);

        AssertSame(whole, broken);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("a byte changed")]
    [InlineData("empty")]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void A_damaged_checkpoint_is_reported_and_the_one_before_it_used(string damage)
    {
        RunFolder whole = Uninterrupted(Create(epochs: 3));
        RunFolder broken = RunUntil(Request("broken", EveryStep), 4);
        string[] states = [.. Directory.GetFiles(broken.CheckpointsPath, "checkpoint-*.safetensors").Order()];
        Assert.Equal(2, states.Length);
        Corrupt(states[1], damage);
        RecordingMonitor listener = new();

        TrainingRun.Run(Stored(broken), listener, TestContext.Current.CancellationToken);

        string warning = Assert.Single(listener.Warnings);
        Assert.Contains(Path.GetFileName(states[1]), warning, StringComparison.Ordinal);
        Assert.Contains("is damaged", warning, StringComparison.Ordinal);
        AssertSame(whole, broken);
    }

    [Fact]
    public void Two_damaged_checkpoints_end_in_a_message_and_nothing_changes()
    {
        RunFolder broken = RunUntil(Request("broken", EveryStep), 4);
        foreach (string state in Directory.GetFiles(broken.CheckpointsPath, "checkpoint-*.safetensors"))
        {
            Corrupt(state, "a byte changed");
        }

        byte[] metrics = File.ReadAllBytes(broken.MetricsPath);

        TrainingException error = Assert.Throws<TrainingException>(() => Resume(broken));

        Assert.Contains("No checkpoint is left", error.Message, StringComparison.Ordinal);
        Assert.Equal(metrics, File.ReadAllBytes(broken.MetricsPath));
    }

    [Fact]
    public void Only_the_last_two_checkpoints_remain_and_temporary_files_are_removed()
    {
        RunFolder broken = RunUntil(Request("broken", EveryStep), 4);
        string half = Path.Combine(broken.CheckpointsPath, ".checkpoint-000000009.safetensors.0123.tmp");
        File.WriteAllText(half, "half");

        Resume(broken);

        Assert.Equal(2, Directory.GetFiles(broken.CheckpointsPath).Length);
        Assert.False(File.Exists(half));
    }

    [Fact]
    public void Changed_annotations_are_reported_by_name()
    {
        string data = _scenes.CopyTo(_temporary.In("data"));
        RunFolder broken = RunUntil(Request("broken", Create(epochs: 2)) with { Data = data }, 1);
        string annotations = Directory.GetFiles(data, "*train*.json", SearchOption.AllDirectories).Single();
        string text = File.ReadAllText(annotations);
        int box = text.IndexOf("\"bbox\"", StringComparison.Ordinal);
        int digit = text.IndexOfAny([.. "123456789"], text.IndexOf('[', box));
        File.WriteAllText(annotations, string.Concat(text.AsSpan(0, digit), text[digit] == '9' ? "8" : "9", text.AsSpan(digit + 1)));

        DatasetException error = Assert.Throws<DatasetException>(() => Resume(broken));

        Assert.Contains("1 changed (train/", error.Message, StringComparison.Ordinal);
        File.WriteAllText(annotations, text);
        Assert.Equal(2, Resume(broken).Epochs);
    }

    [Fact]
    public void Settings_that_change_the_weights_must_not_change_and_others_are_listed()
    {
        RunFolder broken = RunUntil(Request("broken", Create(epochs: 2)), 1);
        TrainingRequest stored = Stored(broken);

        TrainingException error = Assert.Throws<TrainingException>(() => Run(stored with
        {
            Recipe = stored.Recipe with { Epochs = 9, Optimizer = stored.Recipe.Optimizer with { LearningRate = 0.5 } },
            Options = stored.Options with { Seed = 7 },
        }));
        Assert.Contains("epochs: 2, now 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("optimizer.learningRate: 0.001, now 0.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("seed: 0, now 7", error.Message, StringComparison.Ordinal);

        RecordingMonitor listener = new();
        TrainingRun.Run(stored with { Recipe = stored.Recipe with { CacheMegabytes = 1 } }, listener, TestContext.Current.CancellationToken);
        Assert.Contains("Changed: cacheMegabytes: 2048, now 1", listener.Lines);
    }

    [Fact]
    public void A_finished_run_cannot_be_resumed()
    {
        RunFolder whole = Run(Request("whole", Create(epochs: 1))).Folder;

        TrainingException error = Assert.Throws<TrainingException>(() => Resume(whole));

        Assert.Contains("is finished", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_being_trained_is_not_resumed_by_a_second_process()
    {
        RunFolder broken = RunUntil(Request("broken", Create(epochs: 2)), 1);
        using RunLock held = RunLock.Acquire(broken);

        Assert.Contains("another process", Assert.Throws<FileException>(() => Resume(broken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_run_is_reported()
    {
        Assert.Contains("no run to resume", Assert.Throws<FileException>(() => RunFolder.FindToResume(_temporary.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_image_ends_the_run_with_its_name_and_nothing_is_lost()
    {
        string data = _scenes.CopyTo(_temporary.In("data"));
        Recipe recipe = Create(epochs: 3) with { CacheMegabytes = 0, Augmentation = AugmentationOptions.ResizeAndFlip, OnBadImage = FailureAction.Stop };
        RunFolder whole = Run(Request("whole", recipe) with { Data = data }).Folder;
        string image = Directory.GetFiles(data, "*.jpg", SearchOption.AllDirectories).First(path => path.Contains("train", StringComparison.Ordinal));
        RecordingMonitor listener = new() { OnStep = step => { if (step.Step == 3) { File.Move(image, image + ".away"); } } };

        TrainingException error = Assert.Throws<TrainingException>(
            () => TrainingRun.Run(Request("broken", recipe) with { Data = data }, listener, TestContext.Current.CancellationToken));

        Assert.Contains(Path.GetFileName(image), error.Message, StringComparison.Ordinal);
        Assert.Equal(_temporary.In("broken"), error.RunFolder);
        File.Move(image + ".away", image);
        RunFolder broken = RunFolder.FindToResume(_temporary.In("broken"));
        Resume(broken);
        AssertSame(whole, broken);
    }

    [Fact]
    public void A_disk_without_space_for_checkpoints_costs_a_warning_and_not_the_training()
    {
        RunFolder whole = Uninterrupted(Create(epochs: 3));
        string folder = _temporary.In("full");
        RecordingMonitor listener = new()
        {
            OnStep = step =>
            {
                string states = RunFolder.Open(folder).CheckpointsPath;
                if (step.Step == 3)
                {
                    Directory.Move(states, states + ".kept"); // a file in its place: nothing can be written below it
                    File.WriteAllText(states, "");
                }
                else if (step.Step == 5)
                {
                    File.Delete(states);
                    Directory.Move(states + ".kept", states);
                }
            },
        };

        TrainingResult outcome = TrainingRun.Run(Request("full", EveryStep), listener, TestContext.Current.CancellationToken);

        Assert.NotEmpty(listener.Warnings);
        Assert.All(listener.Warnings, warning => Assert.Contains("could not be saved", warning, StringComparison.Ordinal));
        AssertSame(whole, outcome.Folder);
    }

    private static void AssertSame(RunFolder expected, RunFolder actual)
    {
        Assert.Equal(Bytes(expected.LastWeightsPath), Bytes(actual.LastWeightsPath));
        Assert.Equal(Bytes(expected.BestWeightsPath), Bytes(actual.BestWeightsPath));

        // The speed differs; everything else must not.
        MetricsTable before = MetricsLog.Read(expected.MetricsPath);
        MetricsTable after = MetricsLog.Read(actual.MetricsPath);
        int speed = before.Columns.ToList().IndexOf(MetricsColumns.ImagesPerSecond);
        Assert.Equal(before.Rows.Select(row => Without(row, speed)), after.Rows.Select(row => Without(row, speed)));
        Assert.Equal(EventFile.Scalars(expected.Path), EventFile.Scalars(actual.Path));

        static double[] Without(double[] row, int column) => [.. row.Where((_, i) => i != column)];
        static byte[] Bytes(string path) => [.. Checkpoint.Read(path).Weights.SelectMany(entry => entry.Value.Data.ToArray())];
    }

    private static void Corrupt(string path, string how)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, how switch
        {
            "cut" => bytes[..(bytes.Length / 2)],
            "empty" => [],
            _ => bytes,
        });
    }

    /// <summary>The uninterrupted run of a recipe, trained once for all tests that compare with it.</summary>
    private RunFolder Uninterrupted(Recipe recipe) => _scenes.GetOrTrain(
        RecipeBook.Describe(recipe), folder => Run(Request("whole", recipe) with { OutputFolder = folder }).Folder);

    private static Recipe Create(int epochs) => TinyRecipe.Create() with { Epochs = epochs };

    private static TrainingResult Run(TrainingRequest request) => TrainingRun.Run(request, new RecordingMonitor(), TestContext.Current.CancellationToken);

    private static TrainingRequest Stored(RunFolder folder) => RunManifest.Read(folder).ToRequest(folder);

    private static TrainingResult Resume(RunFolder folder) => Run(Stored(folder));

    private static RunFolder RunUntil(TrainingRequest request, int lastStep)
    {
        using CancellationTokenSource cancellationToken = new();
        RecordingMonitor listener = new() { OnStep = step => { if (step.Step == lastStep) { cancellationToken.Cancel(); } } };
        TrainingResult outcome = TrainingRun.Run(request, listener, cancellationToken.Token);
        Assert.True(outcome.Interrupted);
        return outcome.Folder;
    }

    private TrainingRequest Request(string name, Recipe recipe) => new()
    {
        Data = _scenes.Path,
        Recipe = recipe,
        OutputFolder = _temporary.In(name),
        CommandLine = "focalsharp train",
        Options = new TrainerOptions { Precision = Precision.Float32 },
    };
}
