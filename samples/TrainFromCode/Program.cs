// Trains a small detector from C#: progress, a custom augmentation, a custom metric, Ctrl-C, and the result.
//   dotnet run --project samples/TrainFromCode [DATASET]
using FocalSharp.Datasets;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Synthetic;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

using CancellationTokenSource source = new();
Console.CancelKeyPress += (_, eventArgs) =>
{
    eventArgs.Cancel = true;
    source.Cancel();
};

// A data set: your own (COCO, Pascal VOC or YOLO), or 64 generated scenes.
string folder = Directory.CreateTempSubdirectory("focalsharp-sample-").FullName;
DetectionDataset data = args.Length > 0
    ? DatasetReader.Read(args[0])
    : DemoDataset.Create(Path.Combine(folder, "scenes"), new DemoOptions { TrainImages = 48, ValImages = 16 }, cancellationToken: source.Token);

// A recipe: a built-in one with changes.
AugmentationRegistry.Register(new Invert());
Recipe recipe = RecipeBook.Load("gfl-demo");
recipe = recipe with
{
    Epochs = 2,
    EvaluateEvery = 1,
    Input = recipe.Input.WithSize(128),
    Augmentation = recipe.Augmentation with { Custom = ["invert"] },
};

TrainingRequest request = new()
{
    Dataset = data,
    Recipe = recipe,
    OutputFolder = Path.Combine(folder, "run"),
    Metrics = [new DetectionsPerImage()],
};
TrainingResult result = await TrainingRun.RunAsync(request, new ConsoleProgress(), source.Token);
Console.WriteLine(result.Metrics is { } metrics ? $"AP {metrics.AP:F3}, AP50 {metrics.AP50:F3}" : "The evaluation was canceled.");
Console.WriteLine($"Weights: {result.Folder.LastWeightsPath}");

internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Event is not (TrainingEvent.StepCompleted or TrainingEvent.EvaluationProgress))
        {
            Console.WriteLine(value);
        }
    }
}

internal sealed class Invert : IAugmentation
{
    public string Name => "invert";

    public TrainingSample Apply(TrainingSample sample, ref AugmentationRandom random)
    {
        if (random.Chance(0.1))
        {
            foreach (ref byte value in sample.Image.Pixels.AsSpan())
            {
                value = (byte)(255 - value);
            }
        }

        return sample;
    }
}

internal sealed class DetectionsPerImage : IEvaluationMetric
{
    public string Name => "detections_per_image";

    public double Compute(EvaluationContext context) => context.Detections.Average(image => image.Count);
}
