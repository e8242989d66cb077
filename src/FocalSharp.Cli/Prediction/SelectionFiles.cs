using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Selection;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Imaging.Resizing;
using FocalSharp.IO;

namespace FocalSharp.Cli.Prediction;

/// <summary>Writes what was selected, and why.</summary>
internal static class SelectionFiles
{
    /// <summary>The list of paths, one per line in order of selection.</summary>
    public const string ListName = "selected.txt";

    private const string JsonName = "selected.json";
    private const int SheetColumns = 4;
    private const int ImagesPerSheet = 24;
    private const int ThumbnailSide = 420;

    /// <summary>Returns the name of a contact sheet.</summary>
    public static string GetSheetName(int number) => string.Create(CultureInfo.InvariantCulture, $"sheet-{number + 1:00}.jpg");

    /// <summary>Writes the lists and the contact sheets: each image with its boxes and uncertain edges, its worth, and the criterion in which it ranks highest.</summary>
    public static void Write(string folder, IReadOnlyList<SelectedImage> selected, int count, IReadOnlyList<string> classes, Func<int, double> threshold)
    {
        AtomicFile.WriteText(Path.Combine(folder, ListName), string.Concat(selected.Select(one => one.Image.File + "\n")));
        AtomicFile.WriteText(Path.Combine(folder, JsonName), ToJson(selected));
        foreach ((SelectedImage[] part, int number) in selected.Chunk(ImagesPerSheet).Select((part, number) => (part, number)))
        {
            (RgbImage, string)[] pictures =
            [
                .. part.Select((one, i) => (
                    Draw(one.Image, classes, threshold),
                    string.Create(CultureInfo.InvariantCulture, $"{(number * ImagesPerSheet) + i + 1}. worth {one.Worth:F2}, {one.GetReason(count)} {Path.GetFileName(one.Image.File)}"))),
            ];
            ImageEncoder.Save(ContactSheet.Compose(pictures, SheetColumns, $"Selected images {(number * ImagesPerSheet) + 1} to {(number * ImagesPerSheet) + part.Length} of {selected.Count}"), Path.Combine(folder, GetSheetName(number)));
        }
    }

    /// <summary>Returns the selected images with the detections above the threshold of their class as objects.</summary>
    public static DetectionDataset ToDataset(IReadOnlyList<SelectedImage> selected, IReadOnlyList<string> classes, Func<int, double> threshold)
    {
        int id = 0;
        return new DetectionDataset
        {
            Name = "selected",
            Classes = classes,
            CategoryIds = [.. Enumerable.Range(1, classes.Count)],
            Images =
            [
                .. selected.Select((one, i) => new DatasetImage
                {
                    Id = i + 1,
                    FileName = Path.GetFileName(one.Image.File),
                    Path = Path.GetFullPath(one.Image.File),
                    Width = one.Image.Width,
                    Height = one.Image.Height,
                    Objects =
                    [
                        .. one.Image.Detections.Where(detection => detection.Score > threshold(detection.Label)).Select(detection => new ObjectAnnotation
                        {
                            Id = ++id,
                            Label = detection.Label,
                            Box = detection.Box,
                            Area = detection.Box.Area,
                        }),
                    ],
                }),
            ],
        };
    }

    private static RgbImage Draw(PredictedImage image, IReadOnlyList<string> classes, Func<int, double> threshold)
    {
        RgbImage pixels = ImageDecoder.Decode(image.File);
        float scale = Math.Min(1, (float)ThumbnailSide / Math.Max(pixels.Width, pixels.Height));
        RgbImage small = AreaResizer.Resize(pixels, Math.Max(1, (int)(pixels.Width * scale)), Math.Max(1, (int)(pixels.Height * scale)));
        return DetectionRenderer.Draw(
            small,
            image.Detections.Where(detection => detection.Score > threshold(detection.Label)).Select(detection => new Detection(
                detection.Box.Scale(scale, scale), detection.Label, detection.Score, detection.Deviation.Scale(scale, scale))),
            classes);
    }

    private static string ToJson(IReadOnlyList<SelectedImage> selected) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (SelectedImage one in selected)
        {
            writer.WriteStartObject();
            writer.WriteString("file", one.Image.File);
            writer.WriteNumber("worth", Math.Round(one.Worth, 4));
            if (double.IsFinite(one.Distance))
            {
                writer.WriteNumber("distance", Math.Round(one.Distance, 4));
            }

            writer.WriteStartObject("criteria");
            foreach ((string name, double value) in ImageWorth.Names.Zip(one.Criteria.Values))
            {
                writer.WriteNumber(name, Math.Round(value, 4));
            }

            writer.WriteEndObject();
            writer.WriteNumber("detections", one.Image.Detections.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
