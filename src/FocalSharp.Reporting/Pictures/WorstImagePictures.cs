using System.Globalization;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Drawing;

namespace FocalSharp.Reporting.Pictures;

/// <summary>Draws the images with the most errors: annotations with missed objects, and detections with false positives.</summary>
internal static class WorstImagePictures
{
    /// <summary>The maximum number of images.</summary>
    public const int MaxImages = 6;

    private const int LongSide = 800;
    private const int MaxBytes = 96 * 1024;

    /// <summary>Returns the pictures; images that cannot be read are skipped.</summary>
    public static IReadOnlyList<ReportPicture> Draw(DetectionAnalysis analysis)
    {
        List<ReportPicture> pictures = [];
        foreach (ImageErrors image in analysis.Images.Where(image => image.Total > 0 && analysis.ImagesById.ContainsKey(image.ImageId)))
        {
            if (pictures.Count == MaxImages)
            {
                break;
            }

            if (SourceImages.TryDecode(analysis.ImagesById[image.ImageId]) is { } pixels)
            {
                pictures.Add(Draw(analysis, image, pixels));
            }
        }

        return pictures;
    }

    private static ReportPicture Draw(DetectionAnalysis analysis, ImageErrors image, RgbImage pixels)
    {
        MatchedDetections evaluated = analysis.Matched;
        DrawingOptions options = new() { MinLongSide = LongSide, TextHeight = 11 };
        RgbImage shrunk = FittedJpeg.Shrink(pixels, LongSide); // before drawing, so that line widths and text sizes do not change
        float scale = shrunk.Width / (float)pixels.Width;
        RgbImage truth = AnnotationRenderer.Draw(shrunk, evaluated.Objects
            .Where(item => evaluated.Truth[item.Position].ImageId == image.ImageId)
            .OrderByDescending(item => item.FoundBy >= 0)
            .Select(item => ScaleAnnotation(CreateAnnotation(evaluated, item), scale)), options);
        RgbImage found = AnnotationRenderer.Draw(shrunk, evaluated.Detections
            .Where(one => evaluated.Results[one.Position].ImageId == image.ImageId)
            .OrderByDescending(one => one.Error is null)
            .Select(one => ScaleAnnotation(CreateAnnotation(evaluated, one), scale)), options);
        return new ReportPicture(FormatCaption(analysis, image), FittedJpeg.Encode(found, LongSide, MaxBytes), FittedJpeg.Encode(truth, LongSide, MaxBytes));
    }

    private static BoxAnnotation ScaleAnnotation(BoxAnnotation mark, float scale) => mark with { Box = mark.Box.Scale(scale, scale) };

    private static BoxAnnotation CreateAnnotation(MatchedDetections evaluated, MatchedGroundTruth item) => item.FoundBy >= 0
        ? new BoxAnnotation(SourceImages.ToBox(evaluated.Truth[item.Position].Box), AnnotationColors.Correct, Dashed: true)
        : new BoxAnnotation(SourceImages.ToBox(evaluated.Truth[item.Position].Box), AnnotationColors.Missed, evaluated.Categories[item.Category].Name, Dashed: true);

    private static BoxAnnotation CreateAnnotation(MatchedDetections evaluated, MatchedDetection one)
    {
        CocoResult result = evaluated.Results[one.Position];
        string tag = string.Create(CultureInfo.InvariantCulture, $"{evaluated.Categories[one.Category].Name} {result.Score:0.00}");
        return one.Error is { } error
            ? new BoxAnnotation(SourceImages.ToBox(result.Box), AnnotationColors.Wrong, $"{AnalysisJson.NameOf(error)}: {tag}")
            : new BoxAnnotation(SourceImages.ToBox(result.Box), AnnotationColors.Correct);
    }

    private static string FormatCaption(DetectionAnalysis analysis, ImageErrors image)
    {
        IEnumerable<string> errors = ErrorBreakdown.Kinds.Where(kind => image[kind] > 0).Select(kind => $"{image[kind]} {AnalysisJson.NameOf(kind)}");
        return $"{analysis.NameOf(image.ImageId)}: {image.Found} of {image.Objects} objects detected; {string.Join(", ", errors)}";
    }
}
