using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Drawing;

/// <summary>
/// Draws detections or ground truth onto a copy of an image. Detections have solid edges, each with a translucent band and an error bar of ±
/// one standard deviation, which shows how uncertain each edge is; ground truth is dashed.
/// </summary>
public static class DetectionRenderer
{
    /// <summary>Draws detections, the highest score on top.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="detections">The detections, in pixels of the image.</param>
    /// <param name="classes">Class names in label order; a label beyond them is shown as a number.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    public static RgbImage Draw(
        RgbImage image, IEnumerable<Detection> detections, IReadOnlyList<string> classes, DrawingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(classes);
        options ??= DrawingOptions.Default;
        (SkiaImage picture, float scale) = CreateCanvas(image, options);
        using (picture)
        {
            Draw(picture, scale, detections, classes, options);
            return picture.ToImage();
        }
    }

    /// <summary>Decodes an image, draws detections onto it and encodes it, in one block of native memory unless its orientation changes it.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="decode">Limits and orientation.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="detections">The detections, in pixels of the decoded image.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="png">Whether to encode as PNG instead of JPEG.</param>
    /// <exception cref="ImageException">The image is empty, truncated, too large or not an image.</exception>
    internal static byte[] DrawEncoded(
        ReadOnlySpan<byte> encoded, ImageDecodeOptions decode, string name, IEnumerable<Detection> detections, IReadOnlyList<string> classes, bool png)
    {
        using SkiaImage picture = SkiaImage.Decode(encoded, decode, name);
        Draw(picture, 1, detections, classes, DrawingOptions.Default);
        return png ? ImageEncoder.EncodePng(picture) : ImageEncoder.EncodeJpeg(picture);
    }

    /// <summary>Draws ground truth, dashed.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="objects">The annotated objects; crowds are marked.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    public static RgbImage DrawGroundTruth(
        RgbImage image, IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<string> classes, DrawingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(classes);
        return DrawGroundTruth(image, objects.Select(o => (o.Box, o.Label, o.IsCrowd ? $"{GetClassName(o.Label, classes)} (crowd)" : GetClassName(o.Label, classes))), options);
    }

    /// <summary>Draws boxes with labels, dashed: ground truth, or an augmented training sample.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="boxes">Boxes in pixels of the image.</param>
    /// <param name="labels">0-based class indices, one per box.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    public static RgbImage DrawGroundTruth(
        RgbImage image, IReadOnlyList<Box> boxes, IReadOnlyList<int> labels, IReadOnlyList<string> classes, DrawingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (labels.Count != boxes.Count)
        {
            throw new ArgumentException($"There are {boxes.Count} boxes, but {labels.Count} labels.", nameof(labels));
        }

        return DrawGroundTruth(image, boxes.Zip(labels, (box, label) => (box, label, GetClassName(label, classes))), options);
    }

    private static RgbImage DrawGroundTruth(RgbImage image, IEnumerable<(Box Box, int Label, string Name)> objects, DrawingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= DrawingOptions.Default;
        (SkiaImage picture, float scale) = CreateCanvas(image, options);
        using (picture)
        {
            BoxPainter painter = new(picture.Canvas, ScaleSide(image.Width, scale), ScaleSide(image.Height, scale), options);
            (Box Box, int Label, string Name)[] shown =
                [.. objects.Where(o => o.Box.IsFinite).Select(o => (o.Box.Scale(scale, scale), o.Label, o.Name)).OrderByDescending(o => o.Item1.Area)];
            foreach ((Box box, int label, _) in shown)
            {
                painter.DrawBox(box, GetColor(label), dashed: true);
            }

            foreach ((Box box, int label, string name) in options.ShowLabels ? shown : [])
            {
                painter.DrawLabel(box, name, score: null, Palette.GetColor(label), hollow: true);
            }

            return picture.ToImage();
        }
    }

    /// <summary>Creates a canvas with the image, enlarged if the options ask for it, and returns the scale.</summary>
    internal static (SkiaImage Picture, float Scale) CreateCanvas(RgbImage image, DrawingOptions options)
    {
        float scale = Math.Max(1, options.MinLongSide / (float)Math.Max(image.Width, image.Height));
        return (new SkiaImage(scale == 1 ? image : BilinearResizer.Resize(image, ScaleSide(image.Width, scale), ScaleSide(image.Height, scale))), scale);
    }

    internal static int ScaleSide(int side, float scale) => Math.Max(1, (int)MathF.Round(side * scale));

    private static void Draw(SkiaImage picture, float scale, IEnumerable<Detection> detections, IReadOnlyList<string> classes, DrawingOptions options)
    {
        BoxPainter painter = new(picture.Canvas, picture.Width, picture.Height, options);
        Detection[] shown = [.. detections.Where(d => d.Score >= options.MinScore && d.Box.IsFinite).OrderBy(d => d.Score)];
        foreach (Detection detection in options.DeviationBand > 0 ? shown : [])
        {
            painter.DrawDeviationBand(detection.Box.Scale(scale, scale), Finite(detection.Deviation).Scale(scale, scale), GetColor(detection.Label));
        }

        foreach (Detection detection in shown)
        {
            painter.DrawBox(detection.Box.Scale(scale, scale), GetColor(detection.Label), dashed: false);
            if (options.DeviationBand > 0)
            {
                painter.DrawWhiskers(detection.Box.Scale(scale, scale), Finite(detection.Deviation).Scale(scale, scale), GetColor(detection.Label));
            }
        }

        // Labels of high scores are placed first.
        foreach (Detection detection in options.ShowLabels ? shown.Reverse() : [])
        {
            string? score = options.ShowScores ? detection.Score.ToString("0.00", CultureInfo.InvariantCulture) : null;
            painter.DrawLabel(
                detection.Box.Scale(scale, scale), GetClassName(detection.Label, classes), score, Palette.GetColor(detection.Label), hollow: false);
        }
    }

    private static SkiaSharp.SKColor GetColor(int label) => SkiaImage.ToSkiaColor(Palette.GetColor(label));

    private static string GetClassName(int label, IReadOnlyList<string> classes) =>
        label >= 0 && label < classes.Count ? classes[label] : label.ToString(CultureInfo.InvariantCulture);

    private static SideValues Finite(SideValues d) => new(Finite(d.Left), Finite(d.Top), Finite(d.Right), Finite(d.Bottom));

    private static float Finite(float value) => float.IsFinite(value) && value > 0 ? value : 0;
}
