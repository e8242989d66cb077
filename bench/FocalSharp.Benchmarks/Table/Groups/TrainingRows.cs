using System.Diagnostics;
using System.Globalization;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Datasets;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loading;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Trainers;
using FocalSharp.Training.Trainers.Faults;
using FocalSharp.Training.Trainers.Stages;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>A training step: what stands beside the network, the loader, and what bfloat16 gains.</summary>
internal sealed class TrainingRows : IRowGroup
{
    private const int Epochs = 5;
    private const int TurnEpochs = 3;
    private const int Turns = 4;

    private readonly DetectionDataset _data = DrawnScenes.All.Select(DatasetSplit.Train);

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public string Title => "Training: ResNet-18 of half width, FPN and head of 96, 320 px, batch 8 (recipe gfl-lite), drawn scenes, two threads";

    /// <inheritdoc/>
    public IEnumerable<BenchRow> Measure()
    {
        Recipe recipe = RecipeOf(mosaic: 0.5);
        StageTimes brain = Train(recipe, Precision.BFloat16);
        yield return new BenchRow("loader, losses, optimiser, moving average, records beside forward + backward, bfloat16")
        {
            Ours = $"{1000 * (brain.StepSeconds - Network(brain)) / brain.Steps:0.0} ms",
            Reference = $"{1000 * Network(brain) / brain.Steps:0.0} ms",
            Ratio = $"**+{100 * brain.Overhead:0.0} %**",
            Wanted = "≤ +15 %",
            Met = brain.Overhead <= 0.15,
            Note = "reference: the network alone, of the same steps; stages: "
                + string.Join(", ", StageTimes.Stages.Where(stage => stage < TrainingStage.Checkpoints).Select(stage =>
                    string.Create(CultureInfo.InvariantCulture, $"{StageTimes.NameOf(stage)} {1000 * brain[stage] / brain.Steps:0.0}"))),
            Numbers = new Dictionary<string, double> { ["overhead"] = brain.Overhead, ["images_per_second"] = Speed(brain) },
        };

        (double half, double single) = InTurn(recipe);
        yield return Faster(
            "bfloat16 beside float32, whole steps", half, single, 2, $"images a second by the median step, {Turns} trainings of each in turn; float32 by libtorch's operators");
        foreach ((double mosaic, string name) in new[] { (0.5, "every second image a mosaic, as the recipe has it"), (1.0, "every image a mosaic") })
        {
            yield return Faster($"loader alone, one thread, {name}, beside training", Load(RecipeOf(mosaic)), Speed(brain), 3, "images a second");
        }
    }

    private static BenchRow Faster(string name, double ours, double reference, double wanted, string note) => new(name)
    {
        Ours = $"{ours:0.0}/s",
        Reference = $"{reference:0.0}/s",
        Ratio = $"**{ours / reference:0.0}×**",
        Wanted = $"≥ {wanted:0.#}×",
        Met = ours >= wanted * reference,
        Note = note,
        Numbers = new Dictionary<string, double> { ["ours_per_second"] = ours, ["reference_per_second"] = reference, ["ratio"] = ours / reference },
    };

    private Recipe RecipeOf(double mosaic)
    {
        Recipe recipe = RecipeBook.Load("gfl-lite");
        return recipe with
        {
            Epochs = Epochs,
            PlainShare = 0,
            Model = recipe.Model with { Classes = _data.Classes },
            Augmentation = recipe.Augmentation with { Mosaic = mosaic },
        };
    }

    /// <summary>The steps of all epochs but the first two, which are slow until the code is compiled for good.</summary>
    private StageTimes Train(Recipe recipe, Precision precision)
    {
        (StageTimes warm, StageTimes end, _) = Steps(recipe, precision);
        return new StageTimes
        {
            Seconds = [.. StageTimes.Stages.Select(stage => end[stage] - warm[stage])],
            Steps = end.Steps - warm.Steps,
            Images = end.Images - warm.Images,
        };
    }

    /// <summary>Trainings in turn on one thread, so that what else the machine does falls on both precisions.</summary>
    /// <returns>Images a second of each, by its median step.</returns>
    private (double Half, double Single) InTurn(Recipe recipe)
    {
        recipe = recipe with { Epochs = TurnEpochs };
        List<double> half = [];
        List<double> single = [];
        for (int turn = 0; turn < Turns; turn++)
        {
            half.AddRange(Steps(recipe, Precision.BFloat16).Seconds);
            single.AddRange(Steps(recipe, Precision.Float32).Seconds);
        }

        return (recipe.BatchSize / Timing.From(half).Median, recipe.BatchSize / Timing.From(single).Median);
    }

    /// <summary>Trains a new model; the times after two epochs and at the end, and the steps between.</summary>
    private (StageTimes Warm, StageTimes End, IReadOnlyList<double> Seconds) Steps(Recipe recipe, Precision precision)
    {
        using GflDetector model = new(recipe.Model, seed: 1);
        using Trainer trainer = new(model, recipe, new SampleLoader(_data, recipe, 0), new TrainerOptions { Precision = precision });
        Observer observer = new();
        trainer.Run(observer, CancellationToken.None);
        return (observer.Warm!, trainer.Clock.Times, observer.Steps);
    }

    private double Load(Recipe recipe)
    {
        SampleLoader loader = new(_data, recipe, 0);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            _ = loader.Epoch(epoch).Count();
        }

        long started = Stopwatch.GetTimestamp();
        int images = Enumerable.Range(3, 5).Sum(epoch => loader.Epoch(epoch).Sum(batch => batch.Count));
        return images / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Network(StageTimes times) => times[TrainingStage.Forward] + times[TrainingStage.Backward];

    private static double Speed(StageTimes times) => times.Images / times.StepSeconds;

    private sealed class Observer : ITrainingObserver
    {
        public StageTimes? Warm { get; private set; }

        public List<double> Steps { get; } = [];

        public void Started(int epochs, int stepsPerEpoch)
        {
        }

        public void Stepped(StepRecord step, Trainer trainer)
        {
            if (Warm is not null)
            {
                Steps.Add(step.Seconds);
            }
        }

        public string? Faulted(StepFault fault, Trainer trainer) => null;

        public void EpochEnded(int epoch, Trainer trainer)
        {
            if (epoch == 1)
            {
                Warm = trainer.Clock.Times;
            }
        }
    }
}
