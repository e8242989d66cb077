using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Reporting;
using FocalSharp.Reporting.Pictures;

namespace FocalSharp.Training.Runs;

/// <summary>Draws judged images with ground truth beside prediction.</summary>
internal static class ValidationPictures
{
    private const int ImageCount = 12;
    private const int SheetImageCount = 6;
    private const int LongSide = 720;
    private const int MaxBytes = 64 * 1024;

    /// <summary>Draws images spread evenly over the split, one file each and one sheet; images that are gone are left out.</summary>
    /// <param name="eval">The judged images.</param>
    /// <param name="detections">Their detections.</param>
    /// <param name="minScore">Detections below this score are not drawn.</param>
    /// <param name="folder">Where the pictures go; null: into the report alone.</param>
    /// <param name="sheet">Path of the sheet, or null where nothing could be drawn.</param>
    /// <returns>The pictures for the report.</returns>
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
