using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.Checkpoints;
using FocalSharp.Reporting;
using FocalSharp.Training.Optimization;

namespace FocalSharp.Training.Loop;

/// <summary>Everything that a run continues from, bit for bit, between two steps.</summary>
internal sealed record RunCheckpoint
{
    private const string Format = "2";
    private const string FormatKey = "focalsharp.checkpoint";
    private const string ProgressKey = "progress";
    private const string StepsTensorName = "progress.steps";
    private const int StepColumns = 12;

    /// <summary>
    /// Gets copies of all tensors: <c>model.…</c>, <c>ema.…</c> if there is a moving average, <c>optimizer.…</c>, and libtorch's random state.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, StateTensor>> Tensors { get; init; } = [];

    /// <summary>Gets the steps taken.</summary>
    public int NextStep { get; init; }

    /// <summary>Gets the epochs completed.</summary>
    public int CompletedEpochs { get; init; }

    /// <summary>Gets whether the current epoch is without mosaic, mix-up and copy-paste.</summary>
    public bool MosaicClosed { get; init; }

    /// <summary>Gets the steps of the optimizer: all but the skipped ones.</summary>
    public int OptimizerSteps { get; init; }

    /// <summary>Gets the updates of the moving average.</summary>
    public int MovingAverageUpdates { get; init; }

    /// <summary>Gets the bad steps in a row so far.</summary>
    public int ConsecutiveBadSteps { get; init; }

    /// <summary>Gets the moving average of the loss.</summary>
    public double AverageLoss { get; init; }

    /// <summary>Gets the number of losses in the average.</summary>
    public int LossCount { get; init; }

    /// <summary>Gets how the schedule was rescaled, or null.</summary>
    public ScheduleRescale? ScheduleRescale { get; init; }

    /// <summary>Gets the best AP so far; −1 before the first evaluation.</summary>
    public double BestAP { get; init; } = -1;

    /// <summary>Gets the AP before training, or null if the initial weights were not evaluated.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>Gets the evaluations since the best one.</summary>
    public int EvaluationsSinceBest { get; init; }

    /// <summary>Gets the seconds of the last evaluation; 0 before the first.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>Gets the number of images trained on.</summary>
    public long Images { get; init; }

    /// <summary>Gets the seconds of all steps.</summary>
    public double StepSeconds { get; init; }

    /// <summary>Gets the seconds of the run, evaluations included.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Gets the run's time by phase.</summary>
    public PhaseTimings Phases { get; init; } = new();

    /// <summary>Gets the bad steps so far.</summary>
    public int BadSteps { get; init; }

    /// <summary>Gets the length of metrics.csv in bytes.</summary>
    public long MetricsLength { get; init; }

    /// <summary>Gets the length of each TensorBoard file in bytes.</summary>
    public IReadOnlyDictionary<string, long> TensorBoardLengths { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets the steps of the current epoch.</summary>
    [JsonIgnore]
    public IReadOnlyList<StepMetrics> Steps { get; init; } = [];

    /// <summary>Converts the checkpoint to named tensors with metadata.</summary>
    public StateDict ToStateDict()
    {
        double[] steps = [.. Steps.SelectMany(ToRow)];
        byte[] bytes = MemoryMarshal.AsBytes(steps.AsSpan()).ToArray();
        return new StateDict(
            [.. Tensors, new(StepsTensorName, new StateTensor(ElementType.F64, [Steps.Count, StepColumns], bytes))],
            new Dictionary<string, string> { [FormatKey] = Format, [ProgressKey] = JsonSerializer.Serialize(this) });
    }

    /// <summary>Converts named tensors with metadata to a checkpoint.</summary>
    /// <param name="stored">The file's tensors and metadata.</param>
    /// <exception cref="FileException">The content is not a checkpoint of this version.</exception>
    public static RunCheckpoint FromStateDict(StateDict stored)
    {
        if (stored.Metadata.GetValueOrDefault(FormatKey) != Format)
        {
            throw new FileException("it was written by another version");
        }

        try
        {
            RunCheckpoint progress = JsonSerializer.Deserialize<RunCheckpoint>(stored.Metadata[ProgressKey]) ?? throw new JsonException("its progress is null");
            return progress with
            {
                Tensors = [.. stored.Where(entry => entry.Key != StepsTensorName)],
                Steps = [.. stored[StepsTensorName].ToDoubles().Chunk(StepColumns).Select(FromRow)],
                Phases = progress.Phases ?? new(),
                TensorBoardLengths = progress.TensorBoardLengths ?? new Dictionary<string, long>(),
            };
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or JsonException or IndexOutOfRangeException or InvalidOperationException or NotSupportedException)
        {
            throw new FileException($"it cannot be parsed ({exception.Message})", exception);
        }
    }

    private static double[] ToRow(StepMetrics step) =>
    [
        step.Epoch, step.Step, step.QualityLoss, step.BoxLoss, step.DistributionLoss, step.Positives, step.LearningRate, step.GradientNorm,
        step.Images, step.Seconds, step.WaitSeconds, step.Skipped ? 1 : 0,
    ];

    private static StepMetrics FromRow(double[] row) => new(
        (int)row[0], (int)row[1], row[2], row[3], row[4], (int)row[5], row[6], row[7], (int)row[8], row[9], row[10], row[11] != 0);
}
