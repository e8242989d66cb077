// dotnet run -c Release -- DATASET [PRETRAINED_WEIGHTS]
// DATASET: a folder with images and annotations (COCO, Pascal VOC, YOLO and other formats are recognized).
// PRETRAINED_WEIGHTS: a .safetensors file of a detector, which needs fewer images and less time than training from scratch.
using FocalSharp;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: FocalSharpTrain DATASET [PRETRAINED_WEIGHTS]");
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true; // the run ends after its step, and its weights are evaluated and saved
    stop.Cancel();
};

try
{
    string? weights = args.Length > 1 ? args[1] : null;
    TrainingRequest request = new()
    {
        Data = args[0],
        Weights = weights,
        Recipe = RecipeBook.Load(weights is null ? "gfl-lite" : "nanodet-g-finetune"),
    };
    TrainingResult result = await TrainingRun.RunAsync(request, new ConsoleProgress(), stop.Token);
    Console.WriteLine(result.Metrics is { } metrics ? $"AP {metrics.AP:F3}, AP50 {metrics.AP50:F3}" : "The weights are saved, but were not evaluated.");
    Console.WriteLine($"Weights: {result.Folder.LastWeightsPath}");
    return 0;
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

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
