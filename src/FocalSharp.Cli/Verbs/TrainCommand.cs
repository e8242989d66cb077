using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Trainers;
using FocalSharp.Training.Zoo;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>train</c>.</summary>
internal static class TrainCommand
{
    /// <summary>Trains as asked and returns the exit code.</summary>
    public static Task<int> RunAsync(TrainRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        TrainingRequest training = new()
        {
            Data = request.Data,
            Recipe = RecipeOf(request),
            Out = request.Out,
            Weights = request.Weights,
            CommandLine = request.CommandLine,
            Options = new TrainerOptions
            {
                Seed = request.Seed ?? 0,
                Device = request.Device ?? "cpu",
                Precision = ComputeOptions.Of(request.Precision, Precision.Auto),
            },
        };
        TrainingOutcome outcome = TrainingDisplay.Show(ui, monitor => TrainingRun.Execute(training, monitor, cancellation));
        Conclude(outcome, training, ui);
        return Task.FromResult(ExitCodes.Success);
    }

    private static Recipe RecipeOf(TrainRequest request)
    {
        Recipe recipe = request.Recipe is { } name ? RecipeBook.Load(name)
            : request.Weights is { } weights ? WeightsRecipe.Choose(ModelZoo.Resolve(weights))
            : RecipeBook.Load(request.Data == TrainingRun.Demo ? "gfl-demo" : WeightsRecipe.Default);
        recipe = recipe with
        {
            Epochs = request.Epochs ?? recipe.Epochs,
            BatchSize = request.Batch ?? recipe.BatchSize,
            Input = request.Size is { } size ? recipe.Input.WithSize(size) : recipe.Input,
        };
        return request.Set.Aggregate(recipe, RecipeBook.Set).Validated();
    }

    private static void Conclude(TrainingOutcome outcome, TrainingRequest request, ConsoleUi ui)
    {
        ui.Line();
        ui.Heading(outcome.Interrupted
            ? $"Ended early, after {outcome.Epochs} of {outcome.Planned} epochs. What was learned is kept:"
            : $"Judged on the {outcome.Result.Split} split, the weights after the last epoch:");
        Tables.Write(ui, outcome.Result.Metrics);
        if (outcome.Result.Calibration is { } calibration)
        {
            CalibrationView.Write(ui, calibration);
        }

        ui.Line();
        ui.Field("Report", outcome.Folder.ReportPath);
        if (outcome.Pictures is { } pictures)
        {
            ui.Field("Pictures", pictures);
        }

        ui.Field("Weights", outcome.Folder.LastWeightsPath);
        ui.Field("Numbers", outcome.Folder.ResultPath);
        ui.Line();
        ui.Line("Try next:");
        string weights = Path.GetRelativePath(Directory.GetCurrentDirectory(), outcome.Folder.Path);
        ui.Line($"  focalsharp predict {weights} YOUR_IMAGE.jpg      boxes, and how sure each edge is");
        ui.Line($"  focalsharp eval {weights} {request.Data}      judge the weights again");
        ui.Line($"  focalsharp train YOUR_DATASET      COCO, Pascal VOC or YOLO folders are recognised by themselves");
    }
}
