using FocalSharp.Boxes;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Drawing;

namespace FocalSharp.Reporting.Pictures;

/// <summary>Draws a crop of each label issue, with the label dashed and the detection solid.</summary>
internal static class LabelIssuePictures
{
    private const double Margin = 0.45;
    private const int MinSide = 48;
    private const int LongSide = 320;
    private const int MaxBytes = 22 * 1024;

    /// <summary>Returns a JPEG file for each issue, in order; null if the image cannot be read.</summary>
    public static IReadOnlyList<byte[]?> Draw(DetectionAnalysis analysis)
    {
        byte[]?[] crops = new byte[]?[analysis.Issues.Count];
        foreach (IGrouping<long, (int Index, LabelIssue Issue)> group in analysis.Issues.Index().GroupBy(pair => pair.Item.ImageId))
        {
            if (analysis.ImagesById.TryGetValue(group.Key, out Datasets.DatasetImage? entry) && SourceImages.TryDecode(entry) is { } pixels)
            {
                foreach ((int index, LabelIssue issue) in group)
                {
                    crops[index] = Draw(analysis.Matched, issue, pixels);
                }
            }
        }

        return crops;
    }

    private static byte[] Draw(MatchedDetections evaluated, LabelIssue issue, RgbImage pixels)
    {
        Box detected = SourceImages.ToBox(evaluated.Results[issue.Detection].Box);
        Box? label = issue.Truth >= 0 ? SourceImages.ToBox(evaluated.Truth[issue.Truth].Box) : null;
        (int x, int y, int width, int height) = ComputeCropWindow(label is { } box ? Union(detected, box) : detected, pixels);
        RgbImage crop = FittedJpeg.Shrink(pixels.View.Crop(x, y, width, height).ToImage(), LongSide); // before drawing, so that line widths do not change
        float scale = crop.Width / (float)width;
        List<BoxAnnotation> marks = [];
        if (label is { } known)
        {
            marks.Add(new BoxAnnotation(known.Translate(-x, -y).Scale(scale, scale), AnnotationColors.GroundTruth, Dashed: true));
        }

        marks.Add(new BoxAnnotation(detected.Translate(-x, -y).Scale(scale, scale), AnnotationColors.Wrong));
        return FittedJpeg.Encode(AnnotationRenderer.Draw(crop, marks, new DrawingOptions { MinLongSide = LongSide, LineWidth = 3 }), LongSide, MaxBytes);
    }

    private static Box Union(Box a, Box b) => new(Math.Min(a.X1, b.X1), Math.Min(a.Y1, b.Y1), Math.Max(a.X2, b.X2), Math.Max(a.Y2, b.Y2));

    // A square, clipped at the border.
    private static (int X, int Y, int Width, int Height) ComputeCropWindow(Box around, RgbImage pixels)
    {
        double side = Math.Max(MinSide, Math.Max(around.Width, around.Height) * (1 + (2 * Margin)));
        int width = (int)Math.Min(pixels.Width, Math.Ceiling(side));
        int height = (int)Math.Min(pixels.Height, Math.Ceiling(side));
        int x = (int)Math.Clamp(around.CenterX - (width / 2.0), 0, pixels.Width - width);
        int y = (int)Math.Clamp(around.CenterY - (height / 2.0), 0, pixels.Height - height);
        return (x, y, width, height);
    }
}
