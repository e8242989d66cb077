using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Reporting.Pictures;

namespace FocalSharp.Reporting.Tests.Pictures;

public sealed class AnalysisPicturesTests : IDisposable
{
    private static readonly Box Thing = new(200, 200, 600, 600);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_worst_images_and_the_label_issues_are_drawn_within_five_megabytes_even_of_noise()
    {
        // Noise makes the largest JPEG files; a label is missing at a confident detection.
        (DetectionDataset dataset, Detection[][] detections) = Scenes(32);
        ImageEncoder.SaveJpeg(FittedJpegTests.Noise(1600, 1200), _folder.In("noise.jpg"));

        DetectionReport report = DetectionReport.AddImages(DetectionReport.Create("noise", dataset, detections, CocoEvaluator.Evaluate(dataset, detections)));

        Assert.Equal(WorstImagePictures.MaxImages, report.WorstImages.Count);
        Assert.Equal(8, report.LabelIssueCrops.Count);
        Assert.All(report.LabelIssueCrops, crop => Assert.InRange(ImageDecoder.Decode(crop!).Width, 32, 320));
        Assert.InRange(HtmlReport.Render(report).Length, 100_000, 5_000_000);
    }

    [Fact]
    public void What_is_drawn_shows_the_error()
    {
        (DetectionDataset dataset, Detection[][] detections) = Scenes(4);
        ImageEncoder.SaveJpeg(new RgbImage(1600, 1200), _folder.In("noise.jpg"));

        DetectionReport report = DetectionReport.AddImages(DetectionReport.Create("black", dataset, detections, CocoEvaluator.Evaluate(dataset, detections)));

        // On black, the wrong detection is orange and the right one is not.
        Assert.True(Orange(ImageDecoder.Decode(report.WorstImages[0].Prediction)) > 100);
        Assert.Equal(0, Orange(ImageDecoder.Decode(report.WorstImages[0].GroundTruth!)));
        Assert.True(Orange(ImageDecoder.Decode(report.LabelIssueCrops[0]!)) > 100);
        Assert.Equal("3.png: 1 of 1 objects detected; 1 background", report.WorstImages[0].Caption);
    }

    [Fact]
    public void Missing_images_only_remove_their_pictures()
    {
        (DetectionDataset dataset, Detection[][] detections) = Scenes(4);

        DetectionReport report = DetectionReport.AddImages(DetectionReport.Create("gone", dataset, detections, CocoEvaluator.Evaluate(dataset, detections)));

        Assert.Empty(report.WorstImages);
        Assert.All(report.LabelIssueCrops, Assert.Null);
        string page = HtmlReport.Render(report);
        Assert.Contains("cat at 0.95, but nothing is annotated there", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
    }

    private static int Orange(RgbImage image)
    {
        int count = 0;
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            count += image.Pixels[i] > 150 && image.Pixels[i + 1] is > 40 and < 170 && image.Pixels[i + 2] < 90 ? 1 : 0;
        }

        return count;
    }

    // One cat in each image, found; in the last third another is found that has no label.
    private (DetectionDataset Dataset, Detection[][] Detections) Scenes(int count)
    {
        Detection right = new(Thing, 0, 0.9f, default);
        Detection wrong = new(Thing.Translate(800, 300), 0, 0.95f, default);
        return (
            new DetectionDataset
            {
                Name = "set",
                Classes = ["cat"],
                CategoryIds = [1],
                Images =
                [
                    .. Enumerable.Range(0, count).Select(i => new DatasetImage
                    {
                        Id = i + 1,
                        FileName = $"{i}.png",
                        Path = _folder.In("noise.jpg"),
                        Width = 1600,
                        Height = 1200,
                        Objects = [new ObjectAnnotation { Id = i + 1, Label = 0, Box = Thing, Area = Thing.Area }],
                    }),
                ],
            },
            [.. Enumerable.Range(0, count).Select(i => i >= count - Math.Max(1, count / 4) ? new[] { right, wrong } : [right])]);
    }
}
