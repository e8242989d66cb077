using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Training.Reports;

namespace FocalSharp.Training.Runs;

/// <summary>Draws judged images with ground truth beside prediction.</summary>
internal static class ValidationPictures
{
    private const int Count = 12;
    private const int OnSheet = 6;
    private const float MinScore = 0.3f;

    /// <summary>Draws images spread evenly over the split, one file each and one sheet.</summary>
    /// <param name="judge">The judged images.</param>
    /// <param name="detections">Their detections.</param>
    /// <param name="folder">Where the pictures go.</param>
    /// <param name="sheet">Path of the sheet, or null where nothing could be drawn.</param>
    /// <returns>The pictures for the report.</returns>
    public static IReadOnlyList<ReportPicture> Draw(
        DetectionDataset judge, IReadOnlyList<IReadOnlyList<Detection>> detections, string folder, out string? sheet)
    {
        List<ReportPicture> pictures = [];
        List<(RgbImage Image, string Caption)> shown = [];
        DrawingOptions options = new() { MinScore = MinScore, MinLongSide = 480 };
        int count = Math.Min(Count, judge.Images.Count);
        for (int i = 0; i < count; i++)
        {
            int index = (int)((long)i * judge.Images.Count / count);
            DatasetImage entry = judge.Images[index];
            RgbImage image = ImageDecoder.Decode(entry.Path);
            RgbImage truth = DetectionRenderer.DrawTruth(image, entry.Objects, judge.Classes, options);
            RgbImage found = DetectionRenderer.Draw(image, detections[index], judge.Classes, options);
            int sure = detections[index].Count(detection => detection.Score >= MinScore);
            pictures.Add(new ReportPicture($"{entry.FileName}: {entry.Objects.Count} annotated, {sure} found", Jpeg(found), Jpeg(truth)));
            RgbImage pair = ContactSheet.Compose([(truth, "ground truth"), (found, "prediction")], columns: 2);
            ImageEncoder.SavePng(pair, Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(entry.FileName)}.png"));
            if (i < OnSheet)
            {
                shown.Add((truth, $"{Path.GetFileName(entry.FileName)}: ground truth"));
                shown.Add((found, $"prediction, score over {MinScore:F1}"));
            }
        }

        sheet = shown.Count > 0 ? Path.Combine(folder, "sheet.png") : null;
        if (sheet is not null)
        {
            ImageEncoder.SavePng(ContactSheet.Compose(shown, columns: 4), sheet);
        }

        return pictures;
    }

    private static byte[] Jpeg(RgbImage image)
    {
        using MemoryStream stream = new();
        ImageEncoder.SaveJpeg(image, stream);
        return stream.ToArray();
    }
}
