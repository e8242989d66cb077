using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Models;
using FocalSharp.Models;
using FocalSharp.Runtime;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Detects objects in all images of a model's data set, in the background. Between two images, other requests use the model.</summary>
/// <param name="models">The loaded models.</param>
/// <param name="entry">The model.</param>
/// <param name="dataset">The images.</param>
internal sealed class EvaluationJob(ModelCache models, ExplorerModelEntry entry, DetectionDataset dataset)
{
    private int _done;

    /// <summary>Gets the model.</summary>
    public ExplorerModelEntry Entry => entry;

    /// <summary>Gets the number of images processed.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Gets the number of images.</summary>
    public int Total => dataset.Images.Count;

    /// <summary>Gets whether the job runs.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>Gets why the job failed, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Runs the job.</summary>
    /// <param name="store">Receives the detections.</param>
    /// <param name="cancellationToken">Cancels the job between two images.</param>
    public async Task RunAsync(Action<CocoResults> store, CancellationToken cancellationToken)
    {
        try
        {
            List<Detection[]> found = [];
            foreach (DatasetImage image in dataset.Images)
            {
                found.Add(await models.UseAsync(entry, model => Detect(model, image, cancellationToken), cancellationToken));
                Interlocked.Increment(ref _done);
            }

            store(CocoResults.From(dataset, found));
        }
        catch (OperationCanceledException)
        {
            Error = "The evaluation was canceled.";
        }
        catch (FocalSharpException exception)
        {
            Error = exception.Message;
        }
        finally
        {
            IsRunning = false;
        }
    }

    // AP needs low scores too, so the model's own threshold applies.
    private Detection[] Detect(IDetector model, DatasetImage image, CancellationToken cancellationToken) =>
        new ClassMapping(model.Classes, dataset.Classes).Apply(model.Detect(
            ImageSource.FromFile(image.Path), new DetectOptions { ScoreThreshold = model.Model.Postprocess.ScoreThreshold }, cancellationToken));
}
