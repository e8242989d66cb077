using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Geometry;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Drawing;

/// <summary>
/// Draws what was found, or what is true, onto a copy of an image. Predicted boxes have solid edges, each with a translucent band
/// and an error bar of ± one standard deviation of that side, so a person sees which edge the detector is unsure of; ground
/// truth is dashed.
/// </summary>
public static class DetectionRenderer
{
    /// <summary>Draws detections, the surest on top.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="detections">What was found, in pixels of the image.</param>
    /// <param name="classes">Class names by label; a label beyond them shows as its number.</param>
    /// <param name="options">How to draw; null takes the defaults.</param>
    public static RgbImage Draw(
        RgbImage image, IEnumerable<Detection> detections, IReadOnlyList<string> classes, DrawingOptions? options = null)
    {
        options ??= DrawingOptions.Default;
        (SkiaPicture picture, float scale) = Open(image, options);
        using (picture)
        {
            BoxPainter painter = new(picture.Canvas, Scaled(image.Width, scale), Scaled(image.Height, scale), options);
            Detection[] shown = [.. detections.Where(d => d.Score >= options.MinScore && d.Box.IsFinite).OrderBy(d => d.Score)];
            foreach (Detection detection in options.DeviationBand > 0 ? shown : [])
            {
                painter.Band(detection.Box.Scale(scale, scale), Finite(detection.Deviation).Scale(scale, scale), Ink(detection.Label));
            }

            foreach (Detection detection in shown)
            {
                painter.Edges(detection.Box.Scale(scale, scale), Ink(detection.Label), dashed: false);
                if (options.DeviationBand > 0)
                {
                    painter.Whiskers(detection.Box.Scale(scale, scale), Finite(detection.Deviation).Scale(scale, scale), Ink(detection.Label));
                }
            }

            // Sure ones choose their tag's place first.
            foreach (Detection detection in options.ShowTags ? shown.Reverse() : [])
            {
                string? score = options.ShowScores ? detection.Score.ToString("0.00", CultureInfo.InvariantCulture) : null;
                painter.Tag(
                    detection.Box.Scale(scale, scale), Name(detection.Label, classes), score, Palette.Color(detection.Label), hollow: false);
            }

            return picture.ToImage();
        }
    }

    /// <summary>Draws ground truth, dashed.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="objects">Its annotated objects; crowds are marked as such.</param>
    /// <param name="classes">Class names by label.</param>
    /// <param name="options">How to draw; null takes the defaults.</param>
    public static RgbImage DrawTruth(
        RgbImage image, IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<string> classes, DrawingOptions? options = null) =>
        DrawTruth(image, objects.Select(o => (o.Box, o.Label, o.IsCrowd ? $"{Name(o.Label, classes)} (crowd)" : Name(o.Label, classes))), options);

    /// <summary>Draws boxes with labels, dashed: ground truth, or an augmented training sample.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="boxes">Boxes in pixels of the image.</param>
    /// <param name="labels">0-based class indices, one a box.</param>
    /// <param name="classes">Class names by label.</param>
    /// <param name="options">How to draw; null takes the defaults.</param>
    public static RgbImage DrawTruth(
        RgbImage image, IReadOnlyList<Box> boxes, IReadOnlyList<int> labels, IReadOnlyList<string> classes, DrawingOptions? options = null) =>
        DrawTruth(image, boxes.Zip(labels, (box, label) => (box, label, Name(label, classes))), options);

    private static RgbImage DrawTruth(RgbImage image, IEnumerable<(Box Box, int Label, string Name)> objects, DrawingOptions? options)
    {
        options ??= DrawingOptions.Default;
        (SkiaPicture picture, float scale) = Open(image, options);
        using (picture)
        {
            BoxPainter painter = new(picture.Canvas, Scaled(image.Width, scale), Scaled(image.Height, scale), options);
            (Box Box, int Label, string Name)[] shown =
                [.. objects.Where(o => o.Box.IsFinite).Select(o => (o.Box.Scale(scale, scale), o.Label, o.Name)).OrderByDescending(o => o.Item1.Area)];
            foreach ((Box box, int label, _) in shown)
            {
                painter.Edges(box, Ink(label), dashed: true);
            }

            foreach ((Box box, int label, string name) in options.ShowTags ? shown : [])
            {
                painter.Tag(box, name, score: null, Palette.Color(label), hollow: true);
            }

            return picture.ToImage();
        }
    }

    /// <summary>A canvas with the image, enlarged where the options ask for it, and by how much.</summary>
    internal static (SkiaPicture Picture, float Scale) Open(RgbImage image, DrawingOptions options)
    {
        float scale = Math.Max(1, options.MinLongSide / (float)Math.Max(image.Width, image.Height));
        return (new SkiaPicture(scale == 1 ? image : BilinearResizer.Resize(image, Scaled(image.Width, scale), Scaled(image.Height, scale))), scale);
    }

    internal static int Scaled(int side, float scale) => Math.Max(1, (int)MathF.Round(side * scale));

    private static SkiaSharp.SKColor Ink(int label) => SkiaPicture.Color(Palette.Color(label));

    private static string Name(int label, IReadOnlyList<string> classes) =>
        label >= 0 && label < classes.Count ? classes[label] : label.ToString(CultureInfo.InvariantCulture);

    private static SideValues Finite(SideValues d) => new(Finite(d.Left), Finite(d.Top), Finite(d.Right), Finite(d.Bottom));

    private static float Finite(float value) => float.IsFinite(value) && value > 0 ? value : 0;
}
