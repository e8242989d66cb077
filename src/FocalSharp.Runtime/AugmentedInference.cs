using FocalSharp.Detections;
using FocalSharp.Detections.Postprocessing;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime.Tiling;

namespace FocalSharp.Runtime;

/// <summary>Test-time augmentation: detects in the mirrored image and at other sizes too, and fuses the results.</summary>
internal static class AugmentedInference
{
    /// <summary>Detects objects in an image.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">The options of the call, with those of the detector filled in.</param>
    /// <param name="decode">Limits of the image.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Detections Detect(IDetector detector, ImageSource image, DetectOptions options, ImageDecodeOptions decode, CancellationToken cancellationToken)
    {
        List<PreparedImage> inputs = [];
        try
        {
            Prepare(image, [detector.Model.Resize, .. (options.ScaleTest ?? []).Select(scale => Scale(detector.Model.Resize, scale))], decode, inputs);
            return Detect(detector, inputs, options, cancellationToken);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    // An image that is read by rows is read once per size.
    private static void Prepare(ImageSource image, IReadOnlyList<ResizeRule> rules, ImageDecodeOptions decode, List<PreparedImage> inputs)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            using RowReader? rows = image.TryOpenRows(decode);
            if (rows is null)
            {
                PixelView pixels = image.View(new PixelBuffer(), decode);
                foreach (ResizeRule rule in rules)
                {
                    inputs.Add(PreparedImage.Create(pixels, rule));
                }

                return;
            }

            inputs.Add(TileReader.PrepareWhole(rows, rules[i], image.Name));
        }
    }

    /// <summary>Detects objects in prepared images.</summary>
    /// <exception cref="OptionException">Other sizes are asked for: a prepared image has its size already.</exception>
    public static Detections[] Detect(IDetector detector, IReadOnlyList<PreparedImage> images, DetectOptions options, CancellationToken cancellationToken) =>
        options.ScaleTest is { Count: > 0 }
            ? throw new OptionException("ScaleTest: an image that was prepared for the network's input cannot be detected at other sizes.") { OptionName = nameof(DetectOptions.ScaleTest) }
            : [.. images.Select(image => Detect(detector, [image], options, cancellationToken))];

    // The inputs are views of one image.
    private static Detections Detect(IDetector detector, List<PreparedImage> inputs, DetectOptions options, CancellationToken cancellationToken)
    {
        ResolvedDetectOptions resolved = new(options with { FlipTest = false, ScaleTest = [] }, detector.Model);
        DetectOptions plain = options with
        {
            FlipTest = false,
            ScaleTest = [],
            UseCalibration = false,
            ScoreThreshold = resolved.Postprocess.ScoreThreshold,
            Quantiles = [],
        };
        ImageSize size = inputs[0].OriginalSize;
        List<Detection[]> views = [.. inputs.Select(input => Run(detector, input, plain, cancellationToken))];
        if (options.FlipTest == true)
        {
            foreach (PreparedImage input in inputs)
            {
                using PreparedImage mirrored = input.Mirror();
                views.Add(ViewFusion.Mirror(Run(detector, mirrored, plain, cancellationToken), size.Width));
            }
        }

        return new Detections(resolved.Finish(ViewFusion.Fuse(views, resolved.Postprocess)), detector.Classes, size.Width, size.Height);
    }

    private static Detection[] Run(IDetector detector, PreparedImage input, DetectOptions options, CancellationToken cancellationToken) =>
        detector.Detect([input], options, cancellationToken)[0].AsSpan().ToArray();

    private static ResizeRule Scale(ResizeRule rule, double scale) => rule with
    {
        LongSide = Math.Max((int)Math.Round(rule.LongSide * scale), 1),
        ShortSide = Math.Max((int)Math.Round(rule.ShortSide * scale), 1),
    };
}
