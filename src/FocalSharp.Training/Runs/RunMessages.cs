using FocalSharp.Datasets;
using FocalSharp.Datasets.Reading;
using FocalSharp.Models;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>What a run reports before it trains: its data and its model.</summary>
internal sealed class RunMessages(TrainingRequest request, TrainingEvents events)
{
    /// <summary>Reports the data, and refuses data that cannot be trained on.</summary>
    /// <exception cref="DatasetException">No training image is left, or images cannot be read and the recipe stops at them.</exception>
    public void ReportData(DetectionDataset dataset, TrainEvalSplit split, DetectionDataset training, Recipe recipe, bool tune)
    {
        string classes = $"{string.Join(", ", dataset.Classes.Take(10))}{(dataset.Classes.Count > 10 ? ", …" : "")}";
        events.Report(
            TrainingEvent.DatasetLoaded,
            $"Data: {dataset.Name}, {Quantity.Format(dataset.Classes.Count, "class")} ({classes}); {Quantity.Format(training.Images.Count, "image")} with {Quantity.Format(training.NonCrowdCount, "object")} for training, "
            + $"{split.Eval.Images.Count} with {split.Eval.NonCrowdCount} for evaluation; {split.Reason}",
            request.Data,
            ("dataset", dataset.Name),
            ("classes", dataset.Classes.Count),
            ("training_images", training.Images.Count),
            ("training_objects", training.NonCrowdCount),
            ("evaluation_images", split.Eval.Images.Count),
            ("evaluation_objects", split.Eval.NonCrowdCount),
            ("evaluation_split", split.EvalName));
        if (dataset.Problems.Count > 0)
        {
            events.Report(
                TrainingEvent.DatasetProblemsFound,
                $"Reading the data found {DescribeProblems(dataset)}",
                request.Data,
                ("problems", dataset.Problems.Count));
        }

        RequireReadableImages(dataset, recipe);
        if (split.Warning is { } warning)
        {
            events.Warn("evaluation_split", warning);
        }

        if (training.Images.Count == 0)
        {
            throw new DatasetException($"{dataset.Name}: no training image is left: all are empty or smaller than {recipe.MinImageSize} px.");
        }

        if (!(tune && recipe.Tuning.Sizes.Count > 0) && InputSizeHint.Create(training, recipe) is { } hint)
        {
            events.Report(TrainingEvent.SmallObjectsFound, hint);
        }
    }

    /// <summary>Reports the model, the folder and, for a resumed run, where it continues.</summary>
    public void ReportModel(GflDetector model, Recipe recipe, RunFolder folder, Trainer trainer)
    {
        string frozen = recipe.Freeze.Count == 0
            ? ""
            : $"; {model.parameters().Where(p => !p.requires_grad).Sum(p => p.numel()) / 1e6:F1} M frozen ({string.Join(", ", recipe.Freeze)})";
        string budget = recipe.Minutes > 0 ? $", time budget {TimeSpan.FromMinutes(recipe.Minutes):h\\:mm\\:ss}" : "";
        events.Report(
            TrainingEvent.ModelCreated,
            $"Model: {recipe.Name}, {model.parameters().Sum(p => p.numel()) / 1e6:F1} M parameters{frozen}, input {recipe.Input.ShortSide} px, "
            + $"{request.Options.Precision.Resolve()} convolutions, seed {request.Options.Seed}{budget}",
            null,
            ("recipe", recipe.Name),
            ("parameters", model.parameters().Sum(p => p.numel())),
            ("input_size", recipe.Input.ShortSide),
            ("precision", request.Options.Precision.Resolve().ToString()),
            ("seed", request.Options.Seed),
            ("minutes", recipe.Minutes));
        events.Report(TrainingEvent.RunFolderCreated, $"Run: {folder.Path}", folder.Path);
        if (request.ResumeFrom is not null)
        {
            events.Report(TrainingEvent.Resumed, $"Resumed after {trainer.NextStep} of {trainer.TotalSteps} steps", request.ResumeFrom, ("step", trainer.NextStep), ("steps", trainer.TotalSteps));
        }
    }

    // Images that reading the data set left out are as bad as those that fail later.
    private static void RequireReadableImages(DetectionDataset dataset, Recipe recipe)
    {
        const int MaxNamed = 5;
        DatasetProblem[] unreadable =
            [.. dataset.Problems.Where(problem => problem.Kind is DatasetProblemKind.UnreadableImage or DatasetProblemKind.MissingImage)];
        if (recipe.OnBadImage == FailureAction.Stop && unreadable.Length > 0)
        {
            throw new DatasetException(
                $"{dataset.Name}: {unreadable.Length} images are missing or cannot be read, and onBadImage is stop:"
                + $"{string.Concat(unreadable.Take(MaxNamed).Select(problem => $"\n  {problem.Message}"))}{(unreadable.Length > MaxNamed ? "\n  …" : "")}");
        }
    }

    /// <summary>Describes what reading a data set found; a mistake in every file is one cause, described once.</summary>
    public static string DescribeProblems(DetectionDataset dataset)
    {
        const int MaxCauses = 3;
        IReadOnlyList<ProblemGroup> causes = ProblemGroup.Create(dataset.Problems);
        string rest = causes.Count > MaxCauses ? $" And {causes.Count - MaxCauses} more causes." : "";
        return $"{dataset.Problems.Count} problems of {causes.Count} kinds: {string.Join(" ", causes.Take(MaxCauses).Select(cause => cause.Describe()))}{rest}";
    }
}
