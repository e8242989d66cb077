using System.Globalization;
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
        TrainingRequest training = request.Resumes ? Resumed(request) : Begun(request);
        TrainingOutcome outcome = TrainingDisplay.Show(ui, monitor => TrainingRun.Execute(training, monitor, cancellation));
        Conclude(outcome, training, ui);
        if (request.Profile && outcome.Result.Stages is { } stages)
        {
            ProfileView.Write(ui, stages);
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private static TrainingRequest Begun(TrainRequest request) => new()
    {
        Data = request.Data!,
        Recipe = Overridden(ChosenRecipe(request), request),
        Out = request.Out,
        Weights = request.Weights,
        CommandLine = request.CommandLine,
        Options = Options(new TrainerOptions(), request),
    };

    /// <summary>The run's own request; what else is typed must agree with it, which the run checks.</summary>
    private static TrainingRequest Resumed(TrainRequest request)
    {
        if (request.Out is not null)
        {
            throw new UserErrorException("--out and --resume exclude each other: a resumed run stays in its folder.");
        }

        RunFolder folder = RunFolder.FindToResume(request.Resume);
        TrainingRequest stored = RunRecord.Read(folder).ToRequest(folder);
        return stored with
        {
            Data = request.Data ?? stored.Data,
            Recipe = Overridden(request.Recipe is { } recipe ? RecipeBook.Load(recipe) : stored.Recipe, request),
            Weights = request.Weights is { } weights ? RunRecord.FullWeightsPath(weights) : stored.Weights,
            Options = Options(stored.Options, request),
        };
    }

    private static TrainerOptions Options(TrainerOptions options, TrainRequest request) => options with
    {
        Seed = request.Seed ?? options.Seed,
        Device = request.Device ?? options.Device,
        Precision = request.Precision is null ? options.Precision : ComputeOptions.Of(request.Precision, Precision.Auto),
        LoaderWorkers = request.Workers is { } workers ? Math.Clamp(workers, 1, 64) : options.LoaderWorkers,
    };

    private static Recipe ChosenRecipe(TrainRequest request) =>
        request.Recipe is { } name ? RecipeBook.Load(name)
            : request.Weights is { } weights ? WeightsRecipe.Choose(ModelZoo.Resolve(weights))
            : RecipeBook.Load(request.Data == TrainingRun.Demo ? "gfl-demo" : WeightsRecipe.Default);

    private static Recipe Overridden(Recipe recipe, TrainRequest request)
    {
        recipe = recipe with
        {
            Epochs = request.Epochs ?? recipe.Epochs,
            BatchSize = int.TryParse(request.Batch, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) ? batch : recipe.BatchSize,
            AutoBatch = recipe.AutoBatch || request.Batch == "auto",
            Minutes = request.Minutes ?? recipe.Minutes,
            Patience = request.Patience ?? recipe.Patience,
            Input = request.Size is { } size ? recipe.Input.WithSize(size) : recipe.Input,
            Sentinel = request.OnFault is { } action
                ? recipe.Sentinel with { OnFault = action == "stop" ? SentinelAction.Stop : SentinelAction.Skip }
                : recipe.Sentinel,
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

        if (outcome.Result.Untrained is { } untrained)
        {
            ui.Line(untrained > outcome.Result.Metrics.AP
                ? $"Before training the weights reached AP {Tables.Score(untrained)}, which is more: these images teach them nothing new. The run's best weights are kept"
                    + " beside the last, and 'predict', 'eval' and 'export' take them; what would help are more images, or such as the weights fail on."
                : $"Before training the weights reached AP {Tables.Score(untrained)}.");
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
        if (outcome.Interrupted)
        {
            ui.Line($"  focalsharp train --resume {Path.GetRelativePath(Directory.GetCurrentDirectory(), outcome.Folder.Path)}      go on where it was ended");
        }

        string weights = Path.GetRelativePath(Directory.GetCurrentDirectory(), outcome.Folder.Path);
        ui.Line($"  focalsharp predict {weights} YOUR_IMAGE.jpg      boxes, and how sure each edge is");
        ui.Line($"  focalsharp eval {weights} {request.Data}      judge the weights again");
        ui.Line($"  focalsharp train YOUR_DATASET      COCO, Pascal VOC or YOLO folders are recognised by themselves");
    }
}
