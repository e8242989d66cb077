using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Training.Reports;
using FocalSharp.Training.Reports.Pictures;

namespace FocalSharp.Training.Runs;

/// <summary>Draws judged images with ground truth beside prediction.</summary>
internal static class ValidationPictures
{
    private const int Count = 12;
    private const int OnSheet = 6;
    private const int LongSide = 720;
    private const int MostBytes = 64 * 1024;

    /// <summary>Draws images spread evenly over the split, one file each and one sheet; images that are gone are left out.</summary>
    /// <param name="judge">The judged images.</param>
    /// <param name="detections">Their detections.</param>
    /// <param name="minScore">Detections below this score are not drawn.</param>
    /// <param name="folder">Where the pictures go; null: into the report alone.</param>
    /// <param name="sheet">Path of the sheet, or null where nothing could be drawn.</param>
    /// <returns>The pictures for the report.</returns>
    public static IReadOnlyList<ReportPicture> Draw(
        DetectionDataset judge, IReadOnlyList<IReadOnlyList<Detection>> detections, double minScore, string? folder, out string? sheet)
    {
        List<ReportPicture> pictures = [];
        List<(RgbImage Image, string Caption)> shown = [];
        DrawingOptions options = new() { MinScore = (float)minScore, MinLongSide = 480 };
        int count = Math.Min(Count, judge.Images.Count);
        for (int i = 0; i < count; i++)
        {
            int index = (int)((long)i * judge.Images.Count / count);
            DatasetImage entry = judge.Images[index];
            if (SourceImages.TryDecode(entry) is not { } image)
            {
                continue;
            }

            RgbImage truth = DetectionRenderer.DrawTruth(image, entry.Objects, judge.Classes, options);
            RgbImage found = DetectionRenderer.Draw(image, detections[index], judge.Classes, options);
            int sure = detections[index].Count(detection => detection.Score >= minScore);
            pictures.Add(new ReportPicture($"{entry.FileName}: {entry.Objects.Count} annotated, {sure} found", Jpeg(found), Jpeg(truth)));
            if (folder is null)
            {
                continue;
            }

            RgbImage pair = ContactSheet.Compose([(truth, "ground truth"), (found, "prediction")], columns: 2);
            ImageEncoder.SavePng(pair, Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(entry.FileName)}.png"));
            if (i < OnSheet)
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

    private static byte[] Jpeg(RgbImage image) => FittedJpeg.Encode(image, LongSide, MostBytes);
}
