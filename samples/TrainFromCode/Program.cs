// Trains a small detector from C#: progress, a custom augmentation, a custom metric, Ctrl-C, and the result.
//   dotnet run --project samples/TrainFromCode [DATASET]
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

using CancellationTokenSource source = new();
Console.CancelKeyPress += (_, eventArgs) =>
{
    eventArgs.Cancel = true;
    source.Cancel();
};

// A data set: your own (COCO, Pascal VOC or YOLO), or 64 images of a square, in memory.
string folder = Directory.CreateTempSubdirectory("focalsharp-sample-").FullName;
Random random = new(0);
DetectionDataset data = args.Length > 0
    ? DatasetReader.Read(args[0])
    : new() { Name = "squares", Classes = ["square"], CategoryIds = [1], Images = [.. Enumerable.Range(1, 64).Select(DrawSquare)] };

// A recipe: a built-in one with changes.
AugmentationRegistry.Register(new Invert());
Recipe recipe = RecipeBook.Load("gfl-demo");
recipe = recipe with { Epochs = 6, EvaluateEvery = 3, BatchSize = 4, EmaDecay = 0.9, Schedule = recipe.Schedule with { WarmupSteps = 6 } };
recipe = recipe with { Input = recipe.Input.WithSize(128), Augmentation = recipe.Augmentation with { Custom = ["invert"] } };
TrainingRequest request = new() { Dataset = data, Recipe = recipe, OutputFolder = Path.Combine(folder, "run"), Metrics = [new DetectionsPerImage()] };
TrainingResult result = await TrainingRun.RunAsync(request, new ConsoleProgress(), source.Token);
Console.WriteLine(result.Metrics is { } metrics ? $"AP {metrics.AP:F3}, AP50 {metrics.AP50:F3}" : "The evaluation was canceled.");
Console.WriteLine($"Weights: {result.Folder.LastWeightsPath}");

DatasetImage DrawSquare(int id)
{
    RgbImage image = new(128, 128);
    (int x, int y, int side) = (random.Next(64), random.Next(64), random.Next(24, 64));
    for (int row = y; row < y + side; row++)
    {
        image.Row(row).Slice(x * 3, side * 3).Fill(200);
    }
    string path = Path.Combine(folder, $"{id}.png");
    ImageEncoder.SavePng(image, path);
    ObjectAnnotation square = new() { Label = 0, Box = new(x, y, x + side, y + side), Area = side * side };
    DatasetSplit split = id > 48 ? DatasetSplit.Val : DatasetSplit.Train;
    return new() { Id = id, FileName = $"{id}.png", Path = path, Width = 128, Height = 128, Split = split, Objects = [square] };
}

internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) =>
        Console.Write(value.Event is TrainingEvent.StepCompleted or TrainingEvent.EvaluationProgress ? "" : $"{value}\n");
}

internal sealed class Invert : IAugmentation
{
    public string Name => "invert";
    public TrainingSample Apply(TrainingSample sample, ref AugmentationRandom random)
    {
        bool invert = random.Chance(0.1);
        for (int i = 0; i < sample.Image.Pixels.Length && invert; i++)
        {
            sample.Image.Pixels[i] ^= 255;
        }
        return sample;
    }
}

internal sealed class DetectionsPerImage : IEvaluationMetric
{
    public string Name => "detections_per_image";
    public double Compute(EvaluationContext context) => context.Detections.Average(image => image.Count);
}
