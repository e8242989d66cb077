using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Reporting;
using FocalSharp.Reporting.Pictures;

namespace FocalSharp.Training.Runs;

/// <summary>Draws evaluated images with ground truth and predictions side by side.</summary>
internal static class ValidationPictures
{
    private const int ImageCount = 12;
    private const int SheetImageCount = 6;
    private const int LongSide = 720;
    private const int MaxBytes = 64 * 1024;

    /// <summary>Draws images spread evenly over the split, one file each and one sheet. Missing images are left out.</summary>
    /// <param name="eval">The evaluated images.</param>
    /// <param name="detections">Their detections.</param>
    /// <param name="minScore">Detections below this score are not drawn.</param>
    /// <param name="folder">The folder of the images; null to draw them only for the report.</param>
    /// <param name="sheet">The path of the sheet, or null if nothing could be drawn.</param>
    /// <returns>The images for the report.</returns>
    public static IReadOnlyList<ReportPicture> Draw(
        DetectionDataset eval, IReadOnlyList<IReadOnlyList<Detection>> detections, double minScore, string? folder, out string? sheet)
    {
        List<ReportPicture> pictures = [];
        List<(RgbImage Image, string Caption)> shown = [];
        DrawingOptions options = new() { MinScore = (float)minScore, MinLongSide = 480 };
        int count = Math.Min(ImageCount, eval.Images.Count);
        for (int i = 0; i < count; i++)
        {
            int index = (int)((long)i * eval.Images.Count / count);
            DatasetImage entry = eval.Images[index];
            if (SourceImages.TryDecode(entry) is not { } image)
            {
                continue;
            }

            RgbImage truth = DetectionRenderer.DrawGroundTruth(image, entry.Objects, eval.Classes, options);
            RgbImage found = DetectionRenderer.Draw(image, detections[index], eval.Classes, options);
            int confident = detections[index].Count(detection => detection.Score >= minScore);
            pictures.Add(new ReportPicture($"{entry.FileName}: {entry.Objects.Count} annotated, {confident} found", EncodeJpeg(found), EncodeJpeg(truth)));
            if (folder is null)
            {
                continue;
            }

            RgbImage pair = ContactSheet.Compose([(truth, "ground truth"), (found, "prediction")], columns: 2);
            ImageEncoder.SavePng(pair, Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(entry.FileName)}.png"));
            if (i < SheetImageCount)
            {
                shown.Add((truth, $"{Path.GetFileName(entry.FileName)}: ground truth"));
                shown.Add((found, $"prediction, score from {minScore:F2}"));
            }
        }

        sheet = shown.Count > 0 && folder is not null ? Path.Combine(folder, "sheet.png") : null;
        if (sheet is not null)
        {
            ImageEncoder.SavePng(ContactSheet.Compose(shown, columns: 4), sheet);
        }

        return pictures;
    }

    private static byte[] EncodeJpeg(RgbImage image) => FittedJpeg.Encode(image, LongSide, MaxBytes);
}
