using System.Diagnostics;
using System.Globalization;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>A training step: the overhead beside the network, the loader, and the gain of bfloat16.</summary>
internal sealed class TrainingRows : IRowGroup
{
    private const int Epochs = 5;
    private const int EpochsPerRound = 3;
    private const int Rounds = 4;

    private readonly DetectionDataset _data = SyntheticScenes.All.Select(DatasetSplit.Train);

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public string Title => "Training: ResNet-18 of half width, FPN and head of 96, 320 px, batch 8 (recipe gfl-lite), synthetic scenes, two threads";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        Recipe recipe = CreateRecipe(mosaic: 0.5);
        PhaseTimings profile = Train(recipe, Precision.BFloat16);
        yield return new BenchmarkRow("everything except forward and backward, relative to them, bfloat16")
        {
            Ours = $"{1000 * (profile.StepSeconds - Network(profile)) / profile.Steps:0.0} ms",
            Reference = $"{1000 * Network(profile) / profile.Steps:0.0} ms",
            Ratio = $"**+{100 * profile.OverheadFraction:0.0} %**",
            Target = "≤ +15 %",
            IsTargetMet = profile.OverheadFraction <= 0.15,
            Note = "reference: forward and backward of the same steps; ms by phase: "
                + string.Join(", ", PhaseTimings.Phases.Where(stage => stage < StepPhase.Checkpoints).Select(stage =>
                    string.Create(CultureInfo.InvariantCulture, $"{PhaseTimings.GetName(stage)} {1000 * profile[stage] / profile.Steps:0.0}"))),
            Numbers = new Dictionary<string, double> { ["overhead"] = profile.OverheadFraction, ["images_per_second"] = Speed(profile) },
        };

        (double half, double single) = MeasureAlternating(recipe);
        yield return CompareSpeed(
            "bfloat16 compared with float32, whole steps", half, single, 2, $"images per second of the median step, {Rounds} trainings of each in turn; float32 with libtorch's operators");
        foreach ((double mosaic, string name) in new[] { (0.5, "every second image a mosaic (the recipe)"), (1.0, "every image a mosaic") })
        {
            yield return CompareSpeed($"loader alone, one thread, {name}, compared with training", Load(CreateRecipe(mosaic)), Speed(profile), 3, "images per second");
        }
    }

    private static BenchmarkRow CompareSpeed(string name, double ours, double reference, double minSpeedup, string note) => new(name)
    {
        Ours = $"{ours:0.0}/s",
        Reference = $"{reference:0.0}/s",
        Ratio = $"**{ours / reference:0.0}×**",
        Target = $"≥ {minSpeedup:0.#}×",
        IsTargetMet = ours >= minSpeedup * reference,
        Note = note,
        Numbers = new Dictionary<string, double> { ["ours_per_second"] = ours, ["reference_per_second"] = reference, ["ratio"] = ours / reference },
    };

    private Recipe CreateRecipe(double mosaic)
    {
        Recipe recipe = RecipeBook.Load("gfl-lite");
        return recipe with
        {
            Epochs = Epochs,
            CloseMosaicFraction = 0,
            EvaluateEvery = Epochs + 1,
            Model = recipe.Model with { Classes = _data.Classes },
            Augmentation = recipe.Augmentation with { Mosaic = mosaic },
        };
    }

    /// <summary>Trains and returns the timings of all epochs except the first two, in which code is still being compiled.</summary>
    private PhaseTimings Train(Recipe recipe, Precision precision)
    {
        (PhaseTimings warm, PhaseTimings end, _) = Steps(recipe, precision);
        return new PhaseTimings
        {
            Seconds = [.. PhaseTimings.Phases.Select(stage => end[stage] - warm[stage])],
            Steps = end.Steps - warm.Steps,
            Images = end.Images - warm.Images,
        };
    }

    /// <summary>Trains in both precisions in turn, so that other load on the machine affects both.</summary>
    /// <returns>Images per second of each, from its median step.</returns>
    private (double Half, double Single) MeasureAlternating(Recipe recipe)
    {
        recipe = recipe with { Epochs = EpochsPerRound };
        List<double> half = [];
        List<double> single = [];
        for (int turn = 0; turn < Rounds; turn++)
        {
            half.AddRange(Steps(recipe, Precision.BFloat16).Seconds);
            single.AddRange(Steps(recipe, Precision.Float32).Seconds);
        }

        return (recipe.BatchSize / Timing.From(half).Median, recipe.BatchSize / Timing.From(single).Median);
    }

    /// <summary>Trains a new model and returns the timings after two epochs and at the end, and the steps between.</summary>
    private (PhaseTimings Warm, PhaseTimings End, IReadOnlyList<double> Seconds) Steps(Recipe recipe, Precision precision)
    {
        using GflDetector model = new(recipe.Model, seed: 1);
        SampleLoader loader = new(_data, recipe, 0);
        using Trainer trainer = new(model, recipe, loader.StepsPerEpoch, new TrainerOptions { Precision = precision });
        DirectoryInfo folder = Directory.CreateTempSubdirectory("focalsharp-bench-");
        try
        {
            Recorder recorder = new(trainer);
            TrainingEvents events = new(null, [recorder]);
            DetectionDataset evaluated = _data with { Images = [.. _data.Images.Take(1)] };
            using (RunWriter writer = new(RunFolder.Create(folder.FullName), recipe, _data.Name, [], events))
            {
                new TrainingLoop(
                    recipe, trainer, loader, new Evaluator(evaluated, recipe.Input.ResizeRule, []), writer, events, new RunClock(TimeProvider.System))
                    .Run(evaluatePretrained: false, finish: null, CancellationToken.None);
            }

            return (recorder.Warm!, trainer.Profiler.Timings, recorder.Steps);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private double Load(Recipe recipe)
    {
        SampleLoader loader = new(_data, recipe, 0);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            _ = loader.LoadEpoch(epoch).Count();
        }

        long started = Stopwatch.GetTimestamp();
        int images = Enumerable.Range(3, 5).Sum(epoch => loader.LoadEpoch(epoch).Sum(batch => batch.Count));
        return images / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Network(PhaseTimings times) => times[StepPhase.Forward] + times[StepPhase.Backward];

    private static double Speed(PhaseTimings times) => times.Images / times.StepSeconds;

    private sealed class Recorder(Trainer trainer) : ITrainingCallback
    {
        public PhaseTimings? Warm { get; private set; }

        public List<double> Steps { get; } = [];

        public void OnStepCompleted(StepMetrics step, GflDetector model)
        {
            if (Warm is not null)
            {
                Steps.Add(step.Seconds);
            }
        }

        public void OnEpochCompleted(EpochSummary epoch, GflDetector model)
        {
            if (epoch.Epoch == 2)
            {
                Warm = trainer.Profiler.Timings;
            }
        }
    }
}
