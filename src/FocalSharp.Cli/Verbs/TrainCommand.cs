using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>train</c>.</summary>
internal static class TrainCommand
{
    /// <summary>Trains as asked and returns the exit code.</summary>
    public static Task<int> RunAsync(TrainRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        TrainingRequest training = request.IsResume ? CreateResumeRequest(request) : CreateRequest(request);
        TrainingOutcome outcome = TrainingDisplay.Show(ui, monitor => TrainingRun.Execute(training, monitor, cancellationToken));
        WriteResults(outcome, training, ui);
        if (request.Profile && outcome.Result.Phases is { } stages)
        {
            ProfileView.Write(ui, stages);
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private static TrainingRequest CreateRequest(TrainRequest request) => new()
    {
        Data = request.Data!,
        Recipe = ApplyOverrides(SelectRecipe(request), request),
        OutputFolder = request.Out,
        Weights = request.Weights,
        CommandLine = request.CommandLine,
        Options = Options(new TrainerOptions(), request),
    };

    /// <summary>The run's own request; what else is typed must agree with it, which the run checks.</summary>
    private static TrainingRequest CreateResumeRequest(TrainRequest request)
    {
        if (request.Out is not null)
        {
            throw new FocalSharpException("--out and --resume exclude each other: a resumed run stays in its folder.");
        }

        RunFolder folder = RunFolder.FindToResume(request.Resume);
        TrainingRequest stored = RunManifest.Read(folder).ToRequest(folder);
        return stored with
        {
            Data = request.Data ?? stored.Data,
            Recipe = ApplyOverrides(request.Recipe is { } recipe ? RecipeBook.Load(recipe) : stored.Recipe, request),
            Weights = request.Weights is { } weights ? RunManifest.ResolveWeightsPath(weights) : stored.Weights,
            Options = Options(stored.Options, request),
        };
    }

    private static TrainerOptions Options(TrainerOptions options, TrainRequest request) => options with
    {
        Seed = request.Seed ?? options.Seed,
        Device = request.Device ?? options.Device,
        Precision = request.Precision is null ? options.Precision : ComputeOptions.ParsePrecision(request.Precision, Precision.Auto),
        LoaderWorkers = request.Workers is { } workers ? Math.Clamp(workers, 1, 64) : options.LoaderWorkers,
    };

    private static Recipe SelectRecipe(TrainRequest request) =>
        request.Recipe is { } name ? RecipeBook.Load(name)
            : request.Weights is { } weights ? RecipeSelector.SelectForWeights(ModelZoo.Resolve(weights))
            : RecipeBook.Load(request.Data == TrainingRun.DemoDataName ? "gfl-demo" : RecipeSelector.Default);

    private static Recipe ApplyOverrides(Recipe recipe, TrainRequest request)
    {
        recipe = recipe with
        {
            Epochs = request.Epochs ?? recipe.Epochs,
            BatchSize = int.TryParse(request.Batch, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) ? batch : recipe.BatchSize,
            AutoBatch = recipe.AutoBatch || request.Batch == "auto",
            Minutes = request.Minutes ?? recipe.Minutes,
            Patience = request.Patience ?? recipe.Patience,
            Input = request.Size is { } size ? recipe.Input.WithSize(size) : recipe.Input,
            LossGuard = request.OnBadStep is { } action
                ? recipe.LossGuard with { OnBadStep = action == "stop" ? BadStepAction.Stop : BadStepAction.Skip }
                : recipe.LossGuard,
        };
        return request.Set.Aggregate(recipe, RecipeBook.Set).Validate();
    }

    private static void WriteResults(TrainingOutcome outcome, TrainingRequest request, ConsoleUi ui)
    {
        ui.Line();
        ui.Heading(outcome.Interrupted
            ? $"Ended early, after {outcome.Epochs} of {outcome.PlannedEpochs} epochs. What was learned is kept:"
            : $"Judged on the {outcome.Result.Split} split, the weights after the last epoch:");
        Tables.Write(ui, outcome.Result.Metrics);
        if (outcome.Result.Calibration is { } calibration)
        {
            CalibrationView.Write(ui, calibration);
        }

        if (outcome.Result.PretrainedAP is { } pretrained)
        {
            ui.Line(pretrained > outcome.Result.Metrics.AP
                ? $"Before training the weights reached AP {Tables.FormatScore(pretrained)}, which is more: these images teach them nothing new. The run's best weights are kept"
                    + " beside the last, and 'predict', 'eval' and 'export' take them; what would help are more images, or such as the weights fail on."
                : $"Before training the weights reached AP {Tables.FormatScore(pretrained)}.");
        }

        ui.Line();
        ui.Field("Report", outcome.Folder.ReportPath);
        if (outcome.PreviewPath is { } pictures)
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
