using System.Globalization;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Writes the files of a run: metrics.csv, TensorBoard events, weights, checkpoints, batches of bad steps. A full disk costs a warning, not
/// the training.
/// </summary>
internal sealed class RunWriter : IDisposable
{
    private readonly RunFolder _folder;
    private readonly Recipe _recipe;
    private readonly string _datasetName;
    private readonly TrainingEvents _events;
    private readonly CheckpointStore _checkpoints;
    private readonly MetricsLog _log;
    private readonly TensorBoardWriter _tensorBoard;
    private readonly IReadOnlyDictionary<string, long> _previousTensorBoards;
    private bool _tensorBoardFailed;

    /// <summary>Opens the files of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="datasetName">The data set's name, for the weights' metadata.</param>
    /// <param name="additionalMetrics">Names of the metrics beside COCO's.</param>
    /// <param name="events">Receives warnings.</param>
    /// <param name="resumed">The checkpoint that the run continues from: files are cut back to their length then; null for a new run.</param>
    public RunWriter(
        RunFolder folder, Recipe recipe, string datasetName, IEnumerable<string> additionalMetrics, TrainingEvents events, RunCheckpoint? resumed = null)
    {
        _folder = folder;
        _recipe = recipe;
        _datasetName = datasetName;
        _events = events;
        _checkpoints = new CheckpointStore(folder.CheckpointsPath);
        _previousTensorBoards = resumed?.TensorBoardLengths ?? new Dictionary<string, long>();
        if (resumed is not null)
        {
            MetricsLog.Truncate(folder.MetricsPath, resumed.MetricsLength);
            TensorBoardWriter.Truncate(folder.Path, resumed.TensorBoardLengths);
            SavedSteps = resumed.NextStep;
        }

        _log = MetricsLog.Open(folder.MetricsPath, [.. MetricsColumns.All, .. additionalMetrics]);
        _tensorBoard = new TensorBoardWriter(folder.Path);
    }

    /// <summary>Gets the steps of the newest checkpoint; 0 if there is none.</summary>
    public int SavedSteps { get; private set; }

    /// <summary>Writes a row of metrics for an epoch.</summary>
    public void WriteEpoch(EpochSummary epoch)
    {
        AppendMetrics(
            (MetricsColumns.Epoch, epoch.Epoch),
            (MetricsColumns.Step, epoch.Steps),
            (MetricsColumns.Loss, epoch.Loss),
            (MetricsColumns.QualityLoss, epoch.QualityLoss),
            (MetricsColumns.BoxLoss, epoch.BoxLoss),
            (MetricsColumns.DistributionLoss, epoch.DistributionLoss),
            (MetricsColumns.Positives, epoch.Positives),
            (MetricsColumns.LearningRate, epoch.LearningRate),
            (MetricsColumns.GradientNorm, epoch.GradientNorm),
            (MetricsColumns.ImagesPerSecond, epoch.ImagesPerSecond));
        AddScalars(
            epoch.Steps,
            ("train/loss", epoch.Loss),
            ("train/loss_quality", epoch.QualityLoss),
            ("train/loss_box", epoch.BoxLoss),
            ("train/loss_distribution", epoch.DistributionLoss),
            ("train/positives", epoch.Positives),
            ("train/lr", epoch.LearningRate),
            ("train/grad_norm", epoch.GradientNorm),
            ("train/images_per_second", epoch.ImagesPerSecond));
    }

    /// <summary>Writes a row of metrics for an evaluation.</summary>
    public void WriteEvaluation(int epoch, long step, EvaluationResult evaluation)
    {
        CocoMetrics metrics = evaluation.Metrics;
        AppendMetrics(
        [
            (MetricsColumns.Epoch, epoch),
            (MetricsColumns.Step, step),
            (MetricsColumns.AP, metrics.AP),
            (MetricsColumns.AP50, metrics.AP50),
            (MetricsColumns.AP75, metrics.AP75),
            (MetricsColumns.ValidationQualityLoss, evaluation.Losses.Quality),
            (MetricsColumns.ValidationBoxLoss, evaluation.Losses.Box),
            (MetricsColumns.ValidationDistributionLoss, evaluation.Losses.Distribution),
            .. evaluation.AdditionalMetrics.Select(metric => (metric.Key, metric.Value)),
        ]);
        AddScalars(
            step,
            [
                ("val/AP", metrics.AP),
                ("val/AP50", metrics.AP50),
                ("val/AP75", metrics.AP75),
                ("val/loss_quality", evaluation.Losses.Quality),
                ("val/loss_box", evaluation.Losses.Box),
                ("val/loss_distribution", evaluation.Losses.Distribution),
                .. evaluation.AdditionalMetrics.Select(metric => ($"val/{metric.Key}", metric.Value)),
            ]);
    }

    /// <summary>Requires that weights are finite before they replace those of a file.</summary>
    /// <exception cref="TrainingException">A tensor contains NaN or infinity.</exception>
    public void RequireFinite(GflDetector model)
    {
        if (FiniteWeights.FindNonFinite(model) is { } tensor)
        {
            throw new TrainingException(
                $"The training diverged: tensor '{tensor}' contains NaN or infinity. The weights in {_folder.Path} are those from before; train again with a lower learning rate.");
        }
    }

    /// <summary>Saves the weights of the last epoch; warns if they cannot be written.</summary>
    public void SaveLastWeights(GflDetector model, int epoch) =>
        TryWrite("the weights could not be saved", () => SaveWeights(_folder.LastWeightsPath, model, epoch, metrics: null));

    /// <summary>Saves the best weights; warns if they cannot be written.</summary>
    public void SaveBestWeights(GflDetector model, int epoch, CocoMetrics metrics) =>
        TryWrite("the best weights could not be saved", () => SaveWeights(_folder.BestWeightsPath, model, epoch, metrics));

    /// <summary>Saves the weights and detections that the run ends with.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void SaveFinalEvaluation(GflDetector model, int epoch, CocoMetrics metrics, CocoResults detections)
    {
        SaveWeights(_folder.LastWeightsPath, model, epoch, metrics);
        detections.Write(_folder.DetectionsPath);
    }

    /// <summary>Saves a checkpoint; warns if it cannot be written, and earlier checkpoints remain.</summary>
    /// <param name="create">Creates the checkpoint, without the lengths of the files.</param>
    public void SaveCheckpoint(Func<RunCheckpoint> create) =>
        TryWrite("the checkpoint could not be saved; training continues, and a resume would start from the checkpoint before", () =>
        {
            long metricsLength = _log.Sync();
            Dictionary<string, long> tensorBoards = SyncTensorBoard();
            RunCheckpoint checkpoint = create() with { MetricsLength = metricsLength, TensorBoardLengths = tensorBoards };
            _checkpoints.Write(checkpoint);
            SavedSteps = checkpoint.NextStep;
        });

    /// <summary>Saves the batch of a bad step with the weights before the step.</summary>
    /// <returns>The file, or null if it could not be written.</returns>
    public string? SaveBadStep(GflDetector model, BadStep badStep)
    {
        string path = Path.Combine(_folder.BadStepsPath, $"step-{badStep.Step.Step + 1:D6}.safetensors");
        return TryWrite("the batch of the bad step could not be saved", () => BadStepFile.Save(path, model, badStep)) ? path : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _tensorBoard.Dispose();
    }

    private void AppendMetrics(params (string Column, double Value)[] cells) =>
        TryWrite("a row of metrics.csv is delayed", () => _log.Append(cells));

    private void AddScalars(long step, params (string Tag, double Value)[] scalars)
    {
        if (_tensorBoardFailed)
        {
            return;
        }

        _tensorBoardFailed = !TryWrite("TensorBoard's curves end here; metrics.csv has the same numbers", () =>
        {
            foreach ((string tag, double value) in scalars)
            {
                _tensorBoard.AddScalar(tag, step, value);
            }

            _tensorBoard.Flush();
        });
    }

    private Dictionary<string, long> SyncTensorBoard()
    {
        Dictionary<string, long> lengths = new(_previousTensorBoards, StringComparer.Ordinal);
        if (!_tensorBoardFailed)
        {
            lengths[Path.GetFileName(_tensorBoard.Path)] = _tensorBoard.Sync();
        }

        return lengths;
    }

    private bool TryWrite(string failure, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (FocalSharpException exception)
        {
            _events.Warn("file_not_written", $"{failure}: {exception.Message}");
            return false;
        }
    }

    private void SaveWeights(string path, GflDetector model, int epoch, CocoMetrics? metrics)
    {
        RequireFinite(model);
        Dictionary<string, string> info = new(ResizeRuleSerializer.ToMetadata(_recipe.Input.ResizeRule))
        {
            ["recipe"] = _recipe.Name,
            ["dataset"] = _datasetName,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
        };
        if (metrics is not null)
        {
            info["AP"] = metrics.AP.ToString("R", CultureInfo.InvariantCulture);
            info["AP50"] = metrics.AP50.ToString("R", CultureInfo.InvariantCulture);
        }

        DetectorCheckpoint.Save(path, model, info);
    }
}
