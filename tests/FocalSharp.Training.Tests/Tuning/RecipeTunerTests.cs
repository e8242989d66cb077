using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Tests.Tuning;

public sealed class RecipeTunerTests : IClassFixture<SceneFolder>, IDisposable
{
    private static readonly TrainerOptions Options = new() { Precision = Precision.Float32, Seed = 1 };

    private static readonly TuningOptions TrialsOnly = new() { TrialFraction = 0.5, MinTrialSteps = 2, MinHeldOutImages = 4 };

    private readonly SceneFolder _scenes;
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public RecipeTunerTests(SceneFolder scenes) => _scenes = scenes;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Settings_are_measured_before_training_and_saved_with_the_run()
    {
        RecordingMonitor monitor = new();

        TrainingResult result = Train(CreateRequest("run"), monitor);

        Assert.Contains("id=\"tuning\"", File.ReadAllText(result.Folder.ReportPath), StringComparison.Ordinal);
        using JsonDocument tuning = JsonDocument.Parse(File.ReadAllText(result.Folder.GetPath("tuning.json")));
        string[] settings = [.. tuning.RootElement.GetProperty("measurements").EnumerateArray().Select(one => one.GetProperty("setting").GetString()!)];
        Assert.Equal(["pretrained weights", "recipe", "backbone's learning rate × 0.5"], settings[..3]);
        Assert.Contains("input 96 px", settings);
        Assert.Contains(monitor.Lines, line => line.StartsWith("Tuning (", StringComparison.Ordinal));
        Recipe saved = RecipeBook.Load(result.Folder.RecipePath);
        Assert.Equal(0, saved.Tuning.TrialFraction);
        Assert.Equal(saved.Tuning.TrialFraction.ToString("R", null), RunManifest.Read(result.Folder).Recipe["tuning.trialFraction"]);
    }

    [Fact]
    public void The_trial_of_a_larger_input_has_the_steps_of_the_recipe_and_that_of_a_smaller_one_the_same_pixels()
    {
        Dictionary<string, int> steps = [];
        RecordingMonitor monitor = new()
        {
            OnEvent = value =>
            {
                if (value.Event == TrainingEvent.TuningProgress)
                {
                    steps[(string)value.Properties.Single(one => one.Key == "setting").Value!] = value.Total;
                }
            },
        };
        TrainingRequest request = CreateRequest("run");
        Recipe recipe = request.Recipe with { Epochs = 8, Input = request.Recipe.Input.WithSize(96), Tuning = TrialsOnly with { Sizes = [64, 128] } };

        Train(request with { Recipe = recipe }, monitor);

        Assert.Equal(["recipe", "input 64 px", "input 128 px"], steps.Keys);
        Assert.Equal(steps["recipe"], steps["input 128 px"]);
        Assert.Equal(Math.Round(steps["recipe"] * 2.25), steps["input 64 px"]); // (96 / 64)²
    }

    [Theory]
    [InlineData(49, true)] // 49 × 416 / 640 = 31.85 px
    [InlineData(50, false)]
    public void A_larger_input_is_tried_if_most_objects_are_small(int side, bool small)
    {
        DatasetImage image = new()
        {
            Id = 1,
            FileName = "a.jpg",
            Path = "a.jpg",
            Width = 640,
            Height = 640,
            Objects = [Square(side), Square(side), Square(300)],
        };
        Recipe recipe = TinyRecipe.Create();

        Assert.Equal(small, RecipeTuner.AreMostObjectsSmall(new DetectionDataset { Name = "a", Classes = ["a"], CategoryIds = [1], Images = [image] }, recipe with { Input = recipe.Input.WithSize(416) }));

        static ObjectAnnotation Square(int side) => new() { Box = new Box(0, 0, side, side), Label = 0 };
    }

    [Fact]
    public void A_low_rate_is_chosen_only_if_the_recipe_loses_in_a_longer_trial_too()
    {
        TrainingRequest request = CreateRequest("run", pretrainedEpochs: 40);
        Recipe destructive = request.Recipe with
        {
            Optimizer = request.Recipe.Optimizer with { LearningRate = 1 },
            Tuning = request.Recipe.Tuning with { BackboneFactors = [], Sizes = [], PretrainedShares = [], LearningRateFactors = [1e-6] },
        };

        TrainingResult result = Train(request with { Recipe = destructive }, new RecordingMonitor());

        using JsonDocument tuning = JsonDocument.Parse(File.ReadAllText(result.Folder.GetPath("tuning.json")));
        (string?, bool)[] trials = [.. tuning.RootElement.GetProperty("measurements").EnumerateArray()
            .Select(one => (one.GetProperty("setting").GetString(), one.GetProperty("accepted").GetBoolean()))];
        Assert.Equal([("pretrained weights", false), ("recipe", true), ("learning rate × 0", true), ("recipe, 4 × the steps", false)], trials);
        Assert.Equal(1e-6, RecipeBook.Load(result.Folder.RecipePath).Optimizer.LearningRate, 1e-12);
    }

    [Fact]
    public void With_a_low_rate_classes_start_from_pretrained_ones_of_other_names()
    {
        TrainingRequest request = RenameClasses(CreateRequest("run", pretrainedEpochs: 40));
        Recipe destructive = request.Recipe with { Optimizer = request.Recipe.Optimizer with { LearningRate = 1 }, Tuning = TrialsOnly with { LearningRateFactors = [1e-6] } };

        TrainingResult result = Train(request with { Recipe = destructive }, new RecordingMonitor());

        using JsonDocument tuning = JsonDocument.Parse(File.ReadAllText(result.Folder.GetPath("tuning.json")));
        JsonElement[] trials = [.. tuning.RootElement.GetProperty("measurements").EnumerateArray()];
        Assert.Equal(("learning rate × 0", true), (trials[2].GetProperty("setting").GetString(), trials[2].GetProperty("accepted").GetBoolean()));
        IReadOnlyList<string> known = DatasetReader.Read(_scenes.Path).Classes;
        IReadOnlyList<string> matches = RecipeBook.Load(result.Folder.RecipePath).Transfer.ClassMatches;
        Assert.NotEmpty(matches);
        Assert.All(matches, match => Assert.Contains(match[(match.IndexOf('=', StringComparison.Ordinal) + 1)..], known));
    }

    [Fact]
    public void Classes_that_are_learned_do_not_start_from_others()
    {
        TrainingRequest request = RenameClasses(CreateRequest("run"));
        Recipe fast = request.Recipe with { Epochs = 60, Tuning = TrialsOnly with { LearningRateFactors = [0.1] } };

        TrainingResult result = Train(request with { Recipe = fast }, new RecordingMonitor());

        Assert.Empty(RecipeBook.Load(result.Folder.RecipePath).Transfer.ClassMatches);
    }

    [Fact]
    public void The_match_that_a_recipe_names_is_kept()
    {
        TrainingRequest request = RenameClasses(CreateRequest("run", pretrainedEpochs: 40));
        IReadOnlyList<string> known = DatasetReader.Read(_scenes.Path).Classes;
        string[] named = [.. known.Select((name, i) => $"new {name}={known[(i + 1) % known.Count]}")];
        Recipe recipe = request.Recipe with
        {
            Optimizer = request.Recipe.Optimizer with { LearningRate = 1 },
            Tuning = TrialsOnly with { LearningRateFactors = [1e-6] },
            Transfer = new TransferOptions { ClassMatches = named },
        };

        TrainingResult result = Train(request with { Recipe = recipe }, new RecordingMonitor());

        Assert.Equal(named, RecipeBook.Load(result.Folder.RecipePath).Transfer.ClassMatches);
    }

    [Fact]
    public void Classes_that_the_weights_detect_better_than_a_longer_trial_are_distilled_from_them_if_that_is_better()
    {
        TrainingRequest request = CreateRequest("run", pretrainedEpochs: 40);
        DetectionDataset scenes = DatasetReader.Read(_scenes.Path);
        request = request with
        {
            // Enough held-out images for a significant difference.
            Dataset = scenes with { Images = [.. scenes.Images.SelectMany(image => Enumerable.Range(0, 6).Select(copy => image with { Id = (10 * image.Id) + copy, FileName = $"{copy}/{image.FileName}" }))] },
        };
        Recipe destructive = request.Recipe with
        {
            Optimizer = request.Recipe.Optimizer with { LearningRate = 0.1 },
            Tuning = TrialsOnly with { DistillationRateFactors = [1, 1e-6] },
        };
        RecordingMonitor monitor = new();

        TrainingResult result = Train(request with { Recipe = destructive }, monitor);

        using JsonDocument tuning = JsonDocument.Parse(File.ReadAllText(result.Folder.GetPath("tuning.json")));
        JsonElement[] trials = [.. tuning.RootElement.GetProperty("measurements").EnumerateArray()];
        Assert.Equal(["pretrained weights", "recipe", "recipe, 4 × the steps"], trials[..3].Select(one => one.GetProperty("setting").GetString()));
        Assert.StartsWith("distillation of ", trials[3].GetProperty("setting").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("from the pretrained weights, learning rate × 0", trials[4].GetProperty("setting").GetString(), StringComparison.Ordinal);
        Assert.True(trials[4].GetProperty("accepted").GetBoolean()); // it leaves the weights as they are, and they are better
        Recipe chosen = RecipeBook.Load(result.Folder.RecipePath);
        Assert.Equal(1e-7, chosen.Optimizer.LearningRate, 1e-12);
        Assert.NotEmpty(chosen.Transfer.DistilledClasses);
        Assert.All(monitor.Steps, step => Assert.True(step.DistillationLoss > 0));
    }

    [Fact]
    public void Distilled_classes_draw_the_run_to_the_weights_and_unknown_ones_are_errors()
    {
        TrainingRequest request = CreateRequest("run");
        Recipe With(string name, params string[] matches) => request.Recipe with
        {
            Tuning = new TuningOptions(),
            Transfer = new TransferOptions { DistilledClasses = [name], ClassMatches = matches },
        };
        RecordingMonitor monitor = new();
        string name = DatasetReader.Read(_scenes.Path).Classes[0];

        Train(request with { Recipe = With(name.ToUpperInvariant()) }, monitor);

        Assert.All(monitor.Steps, step => Assert.True(step.DistillationLoss > 0));
        Assert.Contains("no class 'zebra'", Assert.Throws<OptionException>(() => Train(request with { Recipe = With("zebra"), OutputFolder = Path.Combine(_folder, "b") }, monitor)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no class 'zebra'",
            Assert.Throws<ModelException>(() => Train(request with { Recipe = With(name, $"{name}=zebra"), OutputFolder = Path.Combine(_folder, "c") }, monitor)).Message,
            StringComparison.Ordinal);
        Assert.Contains("name weights", Assert.Throws<OptionException>(() => Train(request with { Recipe = With(name), Weights = null }, monitor)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "without a teacher", Assert.Throws<OptionException>(() => Train(request with { Recipe = With(name), Teacher = request.Weights }, monitor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_drawn_to_its_pretrained_weights_is_resumed_with_the_same_result()
    {
        TrainingRequest request = CreateRequest("whole");
        request = request with
        {
            Recipe = request.Recipe with
            {
                Epochs = 2,
                Tuning = new TuningOptions(),
                Transfer = new TransferOptions { DistilledClasses = [DatasetReader.Read(_scenes.Path).Classes[0]] },
            },
        };
        TrainingResult whole = Train(request, new RecordingMonitor());
        using CancellationTokenSource stop = new();
        RecordingMonitor monitor = new() { OnStep = _ => stop.Cancel() };

        TrainingResult stopped = TrainingRun.Run(request with { OutputFolder = Path.Combine(_folder, "stopped") }, monitor, stop.Token);
        TrainingResult resumed = Train(TrainingRequest.Resume(stopped.Folder.Path), new RecordingMonitor());

        Assert.True(stopped.Interrupted);
        Assert.Equal(File.ReadAllBytes(whole.Folder.LastWeightsPath), File.ReadAllBytes(resumed.Folder.LastWeightsPath));
    }

    [Fact]
    public void The_same_seed_gives_the_same_choice_and_the_same_weights()
    {
        TrainingResult first = Train(CreateRequest("first"), new RecordingMonitor());
        TrainingResult second = Train(CreateRequest("second"), new RecordingMonitor());

        Assert.Equal(File.ReadAllText(first.Folder.RecipePath), File.ReadAllText(second.Folder.RecipePath));
        Assert.Equal(File.ReadAllBytes(first.Folder.LastWeightsPath), File.ReadAllBytes(second.Folder.LastWeightsPath));
    }

    [Fact]
    public void A_run_that_was_stopped_while_it_was_tuned_is_resumed_with_the_same_result()
    {
        TrainingResult whole = Train(CreateRequest("whole"), new RecordingMonitor());
        using CancellationTokenSource stop = new();
        int measured = 0;
        RecordingMonitor monitor = new()
        {
            OnEvent = value =>
            {
                if (value.Event == TrainingEvent.TuningMeasured && ++measured == 2)
                {
                    stop.Cancel();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Run(CreateRequest("stopped"), monitor, stop.Token));

        TrainingResult resumed = Train(TrainingRequest.Resume(Path.Combine(_folder, "stopped")), new RecordingMonitor());

        Assert.Equal(File.ReadAllText(whole.Folder.RecipePath), File.ReadAllText(resumed.Folder.RecipePath));
        Assert.Equal(File.ReadAllBytes(whole.Folder.LastWeightsPath), File.ReadAllBytes(resumed.Folder.LastWeightsPath));
    }

    [Fact]
    public void A_time_limit_that_no_trial_fits_into_uses_the_recipe_as_it_is_and_says_so()
    {
        RecordingMonitor monitor = new();
        TrainingRequest request = CreateRequest("run");

        Train(request with { Recipe = request.Recipe with { Minutes = 0.001 } }, monitor);

        Assert.Contains(monitor.Lines, line => line.EndsWith("no trial fits into the time limit, so the recipe is used as it is", StringComparison.Ordinal));
    }

    [Fact]
    public void A_recipe_without_trials_is_used_as_it_is()
    {
        TrainingRequest request = CreateRequest("run");

        TrainingResult result = Train(request with { Recipe = request.Recipe with { Tuning = request.Recipe.Tuning with { TrialFraction = 0 } } }, new RecordingMonitor());

        Assert.False(File.Exists(result.Folder.GetPath("tuning.json")));
        Assert.Equal(request.Recipe.Optimizer.LearningRate, RecipeBook.Load(result.Folder.RecipePath).Optimizer.LearningRate);
    }

    [Fact]
    public void A_share_of_one_gives_the_pretrained_weights_back()
    {
        TrainingRequest request = CreateRequest("run");
        Recipe recipe = request.Recipe with
        {
            Tuning = new TuningOptions(),
            Transfer = new TransferOptions { PretrainedShare = 1 },
            Optimizer = request.Recipe.Optimizer with { LearningRate = 0.1 },
        };

        TrainingResult result = Train(request with { Recipe = recipe }, new RecordingMonitor());

        using TorchDetector before = TorchDetector.Load(request.Weights!);
        using TorchDetector after = TorchDetector.Load(result.Folder.LastWeightsPath);
        Dictionary<string, TorchSharp.torch.Tensor> expected = before.Network.state_dict();
        Assert.All(
            after.Network.state_dict().Where(entry => TorchSharp.torch.is_floating_point(entry.Value)),
            entry => Assert.True(TorchSharp.torch.allclose(expected[entry.Key], entry.Value, rtol: 1e-5, atol: 1e-6), entry.Key));
        Assert.NotNull(result.Result!.PretrainedAP);
        Assert.Equal(result.Result.PretrainedAP!.Value, result.Metrics!.AP, 1e-6);
    }

    private TrainingRequest RenameClasses(TrainingRequest request)
    {
        DetectionDataset dataset = DatasetReader.Read(_scenes.Path);
        return request with { Dataset = dataset with { Classes = [.. dataset.Classes.Select(name => $"new {name}")] } };
    }

    private static TrainingResult Train(TrainingRequest request, RecordingMonitor monitor) => TrainingRun.Run(request, monitor, TestContext.Current.CancellationToken);

    private TrainingRequest CreateRequest(string name, int pretrainedEpochs = 2)
    {
        RunFolder pretrained = _scenes.GetOrTrain(
            $"pretrained-{pretrainedEpochs}",
            path => Train(new TrainingRequest { Data = _scenes.Path, Recipe = TinyRecipe.Create() with { Epochs = pretrainedEpochs }, OutputFolder = path, Options = Options }, new RecordingMonitor()).Folder);
        return new TrainingRequest
        {
            Data = _scenes.Path,
            Recipe = TinyRecipe.Create() with
            {
                Tuning = new TuningOptions
                {
                    TrialFraction = 0.5,
                    MinTrialSteps = 2,
                    MinHeldOutImages = 4,
                    BackboneFactors = [0.5],
                    LearningRateFactors = [0.1],
                    Sizes = [96],
                    PretrainedShares = [0.5],
                },
            },
            Weights = pretrained.LastWeightsPath,
            OutputFolder = Path.Combine(_folder, name),
            Options = Options,
        };
    }
}
