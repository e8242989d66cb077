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
    /// <summary>Runs a model on images. Images that cannot be read are reported and left out.</summary>
    /// <exception cref="ImageException">No image can be read.</exception>
    public static ImagePool Create(IDetector detector, IReadOnlyList<string> files, ImageDecodeOptions decode, ConsoleUi ui, CancellationToken cancellationToken)
    {
        DetectOptions options = new() { ScoreThreshold = detector.Model.Postprocess.ScoreThreshold };
        ImageDecodeOptions decoding = detector.Model.Resize.ApplyTo(decode);
        List<PredictedImage> images = [];
        List<float[]> features = [];
        List<string> errors = [];
        ProgressReporter.Run(ui, "Detecting", files.Count, progress =>
        {
            for (int i = 0; i < files.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    RgbImage image = ImageDecoder.Decode(files[i], decoding);
                    Detection[] found = [.. detector.Detect(image, options, cancellationToken)];
                    features.Add(ImageFeatures.Compute(detector, image));
                    images.Add(new PredictedImage(files[i], image.Width, image.Height, found));
                }
                catch (ImageException exception)
                {
                    errors.Add(exception.Message);
                }

                progress.Report(i + 1);
            }

            return images.Count;
        });
        errors.ForEach(ui.Error);
        return images.Count > 0 ? new ImagePool(images, features, errors.Count) : throw new ImageException($"None of the {files.Count} images can be read.");
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
