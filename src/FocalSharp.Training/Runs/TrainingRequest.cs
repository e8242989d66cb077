using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>What to train, on which data, and how.</summary>
public sealed record TrainingRequest
{
    /// <summary>Gets the path of the data set: a folder or an annotation file. Null if <see cref="Dataset"/> is set.</summary>
    public string? Data { get; init; }

    /// <summary>
    /// Gets the data set, if it was read already or built in memory; null to read <see cref="Data"/>. If both are set, this data set is used
    /// and the path is recorded, so that the run can be resumed from it.
    /// </summary>
    public DetectionDataset? Dataset { get; init; }

    /// <summary>Gets the name of the data set in the run's files. Default: <see cref="Data"/>, or the name of <see cref="Dataset"/>.</summary>
    public string? DataArgument { get; init; }

    /// <summary>Gets the label patch that is applied to the data set; null for none. The run saves a copy, which resuming uses.</summary>
    internal string? LabelPatch { get; init; }

    /// <summary>Gets the recipe, with all changes applied.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Gets the run's folder; null for the next free one under <c>runs/</c>.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Gets the weights to start from: a file, a run's folder or a published model's name. Null to train from scratch.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// Gets the model that the detector learns from (knowledge distillation): a file, a run's folder, an ONNX file with raw outputs or a published
    /// model's name. Null for none.
    /// </summary>
    public string? Teacher { get; init; }

    /// <summary>Gets a folder of images without labels that the teacher labels for training; null for none.</summary>
    public string? Unlabeled { get; init; }

    /// <summary>Gets the folder of the run to resume, or null to start one. <see cref="Resume"/> creates a request to resume a run.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Gets the seed, precision, device and number of loader threads.</summary>
    public TrainerOptions Options { get; init; } = new();

    /// <summary>
    /// Gets the ranks that train together; not disposed by the run. Default: null, the ranks that <c>mpirun</c> or <c>srun</c> started, or this process
    /// alone. A program that trains more than once creates one with <see cref="Collective.FromEnvironment"/> and passes it to each run.
    /// </summary>
    public ICollective? Ranks { get; init; }

    /// <summary>Gets the callbacks on steps, epochs and evaluations.</summary>
    public IReadOnlyList<ITrainingCallback> Callbacks { get; init; } = [];

    /// <summary>Gets the metrics that are computed at each evaluation beside COCO's.</summary>
    public IReadOnlyList<IEvaluationMetric> Metrics { get; init; } = [];

    /// <summary>Gets the command line for the run's files. Default: empty.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Gets what returns the command that the report suggests for the weights; null for none.</summary>
    internal Func<string, string>? SuggestCommand { get; init; }

    /// <summary>Gets what returns the links of the report of a run's folder to its images; null for none.</summary>
    internal Func<string, Reporting.ImageLinks>? LinkImages { get; init; }

    /// <summary>Gets what receives the images and detections of each evaluation, on the training thread; null for none.</summary>
    internal Action<EvaluationContext>? OnEvaluated { get; init; }

    /// <summary>Gets the time provider. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Creates a request that resumes a run, bit for bit.</summary>
    /// <param name="runFolder">
    /// The run's folder, or its name under <c>runs/</c>. Pass callbacks, metrics and a data set in memory again as they were.
    /// </param>
    /// <exception cref="FocalSharpException">There is no run, or it was started by an older version.</exception>
    public static TrainingRequest Resume(string runFolder)
    {
        RunFolder folder = RunFolder.FindToResume(runFolder);
        return RunManifest.Read(folder).ToRequest(folder);
    }

    /// <summary>Gets the data set's name for files and messages.</summary>
    internal string DataName => DataArgument ?? Data ?? Dataset?.Name ?? "";

    /// <summary>Checks the request.</summary>
    /// <exception cref="ArgumentException">There is no data, or a metric's name cannot be a column.</exception>
    /// <exception cref="OptionException">Classes are to be distilled from pretrained weights, but there are none, or there is a teacher.</exception>
    internal void Validate()
    {
        if (Data is null && Dataset is null)
        {
            throw new ArgumentException(ResumeFrom is null
                ? $"Set {nameof(Data)} to the path of a data set, or {nameof(Dataset)} to one in memory."
                : $"The run was trained on a data set in memory ('{DataArgument}'). Set {nameof(Dataset)} to the same data set to resume it.", nameof(Data));
        }

        if (Unlabeled is not null && Teacher is null)
        {
            throw new ArgumentException($"{nameof(Unlabeled)} needs a {nameof(Teacher)}, which labels the images.", nameof(Unlabeled));
        }

        if (Recipe.Transfer.DistilledClasses is [string first, ..] && (Teacher is not null || Weights is null))
        {
            throw new OptionException(
                $"transfer.distilledClasses ({first}) are distilled from the pretrained weights: "
                + (Teacher is null ? "name weights to start from, or leave it empty." : "leave it empty, or train without a teacher."))
            { OptionName = "transfer.distilledClasses" };
        }

        string[] names = [.. Metrics.Select(metric => metric.Name)];
        foreach (string name in names)
        {
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '@'))
            {
                throw new ArgumentException($"The metric name '{name}' may contain only letters, digits, '_', '-', '.' and '@'.", nameof(Metrics));
            }

            if (names.Count(other => other == name) > 1 || Reporting.MetricsColumns.All.Contains(name))
            {
                throw new ArgumentException($"The metric name '{name}' is used twice or is one of the built-in columns.", nameof(Metrics));
            }
        }
    }
}
