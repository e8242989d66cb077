using System.Globalization;
using FocalSharp.Evaluation;
using FocalSharp.Evaluation.Errors;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Drawing;

namespace FocalSharp.Training.Reports.Pictures;

/// <summary>Draws the images with most errors: what was annotated and not found beside what was detected and is wrong.</summary>
public static class WorstImagePictures
{
    /// <summary>The most images drawn.</summary>
    public const int Most = 6;

    private const int LongSide = 800;
    private const int MostBytes = 96 * 1024;

    /// <summary>Draws them; images that are not at hand are left out.</summary>
    public static IReadOnlyList<ReportPicture> Draw(DetectionAnalysis analysis)
    {
        List<ReportPicture> pictures = [];
        foreach (ImageErrors image in analysis.Images.Where(image => image.Total > 0 && analysis.Entries.ContainsKey(image.ImageId)))
        {
            if (pictures.Count == Most)
            {
                break;
            }

            if (SourceImages.TryDecode(analysis.Entries[image.ImageId]) is { } pixels)
            {
                pictures.Add(Draw(analysis, image, pixels));
            }
        }

        return pictures;
    }

    private static ReportPicture Draw(DetectionAnalysis analysis, ImageErrors image, RgbImage pixels)
    {
        JudgedDetections judged = analysis.Judged;
        DrawingOptions options = new() { MinLongSide = LongSide, LetterHeight = 11 };
        RgbImage shrunk = FittedJpeg.Shrink(pixels, LongSide); // before drawing, so that lines and letters keep their size
        float scale = shrunk.Width / (float)pixels.Width;
        RgbImage truth = MarkRenderer.Draw(shrunk, judged.Objects
            .Where(item => judged.Truth[item.Position].ImageId == image.ImageId)
            .OrderByDescending(item => item.FoundBy >= 0)
            .Select(item => Scaled(Mark(judged, item), scale)), options);
        RgbImage found = MarkRenderer.Draw(shrunk, judged.Detections
            .Where(one => judged.Results[one.Position].ImageId == image.ImageId)
            .OrderByDescending(one => one.Error is null)
            .Select(one => Scaled(Mark(judged, one), scale)), options);
        return new ReportPicture(Caption(analysis, image), FittedJpeg.Encode(found, LongSide, MostBytes), FittedJpeg.Encode(truth, LongSide, MostBytes));
    }

    private static BoxMark Scaled(BoxMark mark, float scale) => mark with { Box = mark.Box.Scale(scale, scale) };

    private static BoxMark Mark(JudgedDetections judged, JudgedObject item) => item.FoundBy >= 0
        ? new BoxMark(SourceImages.BoxOf(judged.Truth[item.Position].Box), MarkColors.Right, Dashed: true)
        : new BoxMark(SourceImages.BoxOf(judged.Truth[item.Position].Box), MarkColors.Missed, judged.Categories[item.Category].Name, Dashed: true);

    private static BoxMark Mark(JudgedDetections judged, JudgedDetection one)
    {
        CocoResult result = judged.Results[one.Position];
        string tag = string.Create(CultureInfo.InvariantCulture, $"{judged.Categories[one.Category].Name} {result.Score:0.00}");
        return one.Error is { } error
            ? new BoxMark(SourceImages.BoxOf(result.Box), MarkColors.Wrong, $"{AnalysisJson.NameOf(error)}: {tag}")
            : new BoxMark(SourceImages.BoxOf(result.Box), MarkColors.Right);
    }

    private static string Caption(DetectionAnalysis analysis, ImageErrors image)
    {
        IEnumerable<string> errors = ErrorBreakdown.Kinds.Where(kind => image[kind] > 0).Select(kind => $"{image[kind]} {AnalysisJson.NameOf(kind)}");
        return $"{analysis.NameOf(image.ImageId)}: {image.Found} of {image.Objects} objects found; {string.Join(", ", errors)}";
    }
}
