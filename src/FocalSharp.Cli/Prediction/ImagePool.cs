using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections;
using FocalSharp.Detections.Selection;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Prediction;

/// <summary>Unlabeled images with what a model sees in them.</summary>
/// <param name="Images">The images with their detections, low scores too.</param>
/// <param name="Features">The features of each image.</param>
/// <param name="FailedCount">The number of images that could not be read.</param>
internal sealed record ImagePool(IReadOnlyList<PredictedImage> Images, IReadOnlyList<float[]> Features, int FailedCount)
{
    /// <summary>Runs a model on images.</summary>
    /// <returns>The detections and features of each image, or why it cannot be read.</returns>
    public static DetectionPart Detect(IDetector detector, IReadOnlyList<string> files, ImageDecodeOptions decode, ConsoleUi ui, CancellationToken cancellationToken)
    {
        DetectOptions options = new() { ScoreThreshold = detector.Model.Postprocess.ScoreThreshold };
        ImageDecodeOptions decoding = detector.Model.Resize.ApplyTo(decode);
        List<DetectedImage> images = [];
        List<IReadOnlyList<Detection>> detections = [];
        ProgressReporter.Run(ui, "Detecting", files.Count, progress =>
        {
            foreach (string file in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    RgbImage image = ImageDecoder.Decode(file, decoding);
                    Detection[] found = [.. detector.Detect(image, options, cancellationToken)];
                    images.Add(new DetectedImage { Width = image.Width, Height = image.Height, Features = ImageFeatures.Compute(detector, image) });
                    detections.Add(found);
                }
                catch (ImageException exception)
                {
                    images.Add(new DetectedImage { Error = exception.Message });
                    detections.Add([]);
                }

                progress.Report(images.Count);
            }

            return images.Count;
        });
        return DetectionPart.Create(images, detections);
    }

    /// <summary>Creates the pool of all parts. Images that could not be read are reported and left out.</summary>
    /// <param name="files">The files of all parts.</param>
    /// <param name="parts">The parts in order.</param>
    /// <param name="ui">The console.</param>
    /// <exception cref="ImageException">No image could be read.</exception>
    public static ImagePool Create(IReadOnlyList<string> files, IEnumerable<DetectionPart> parts, ConsoleUi ui)
    {
        List<PredictedImage> images = [];
        List<float[]> features = [];
        int number = 0;
        foreach (DetectionPart part in parts)
        {
            foreach (DetectedImage image in part.Images)
            {
                string file = files[number++];
                if (image.Error is { } reason)
                {
                    ui.Error(reason);
                    continue;
                }

                images.Add(new PredictedImage(file, image.Width, image.Height, part.GetDetections(image)));
                features.Add([.. image.Features]);
            }
        }

        return images.Count > 0 ? new ImagePool(images, features, files.Count - images.Count)
            : throw new ImageException($"None of the {files.Count} images can be read.");
    }

    /// <summary>Selects images that are worth labeling.</summary>
    public IReadOnlyList<SelectedImage> Select(int budget)
    {
        IReadOnlyList<ImageWorth> criteria = ImageWorth.Compute([.. Images.Select(image => image.Detections)]);
        double[] worth = DiverseSelection.Rank(criteria);
        double[][] ranks = [.. Enumerable.Range(0, ImageWorth.Names.Count).Select(criterion => RankCorrelation.Ranks([.. criteria.Select(one => one.Values[criterion])]))];
        return
        [
            .. DiverseSelection.Select(worth, Features, budget).Select(one => new SelectedImage(
                Images[one.Index], criteria[one.Index], [.. ranks.Select(column => column[one.Index])], worth[one.Index], one.Distance)),
        ];
    }
}
