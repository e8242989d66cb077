using CsCheck;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Core.Tests.Datasets.Linting;

/// <summary>Boxes in another layout are distinguished from boxes that are merely unusual.</summary>
public sealed class WrongBoxLayoutTests
{
    private static readonly ImageSize Size = new(640, 480);

    [Theory]
    [InlineData("coco", BoxLayout.Corners, false, false)]
    [InlineData("coco", BoxLayout.CenterAndSize, false, false)]
    [InlineData("coco", BoxLayout.Corners, true, false)]
    [InlineData("coco", BoxLayout.CornerAndSize, false, true)]
    [InlineData("voc", BoxLayout.CornerAndSize, false, false)]
    [InlineData("voc", BoxLayout.CenterAndSize, false, false)]
    [InlineData("voc", BoxLayout.Corners, true, false)]
    [InlineData("yolo", BoxLayout.CornerAndSize, false, true)]
    [InlineData("yolo", BoxLayout.Corners, false, true)]
    [InlineData("yolo", BoxLayout.CenterAndSize, false, false)]
    public void Another_layout_is_detected_and_named(string format, BoxLayout layout, bool yFirst, bool shares)
    {
        BoxLayoutHypothesis written = new(layout, yFirst, shares);

        LintFinding? finding = Finding(format, Boxes(400, seed: 3).Select(box => Write(box, written)));

        Assert.NotNull(finding);
        Assert.Contains(written.ToString(), finding.Text, StringComparison.Ordinal);
        Assert.Equal(LintSeverity.Error, finding.Severity);
    }

    [Fact]
    public void Boxes_in_the_formats_own_layout_are_never_mistaken_for_another() =>
        Gen.Select(Gen.OneOf(Gen.Const("coco"), Gen.Const("voc"), Gen.Const("yolo")), Gen.Int[0, 100_000], Gen.Int[10, 300], Gen.Int[0, 8]).Sample(
            (format, seed, count, odd) =>
            {
                BoxLayoutHypothesis own = Declared(format);
                (double X, double Y, double W, double H)[] boxes = [.. Boxes(count, seed)];

                // A few boxes of a real set reach beyond their image or have no area.
                for (int i = 0; i < Math.Min(odd, count / 30); i++)
                {
                    boxes[i] = i % 2 == 0 ? (600, 400, 300, 300) : (10, 10, 0, 20);
                }

                Assert.Null(Finding(format, boxes.Select(box => Write(box, own))));
            },
            iter: 300);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    public void In_a_small_set_the_majority_must_be_wrong_and_all_must_fit_otherwise(int wrong, int right)
    {
        // In the lower right half of the image, corner plus corner is outside; a small box at the origin fits either way.
        BoxLayoutHypothesis corners = new(BoxLayout.Corners, false, false);
        IEnumerable<(double, double, double, double)> boxes = Enumerable.Range(0, wrong).Select(i => Write((400 + i, 300, 100, 80), corners))
            .Concat(Enumerable.Repeat((2.0, 2.0, 40.0, 40.0), right));

        Assert.NotNull(Finding("coco", boxes));
        Assert.Null(Finding("coco", boxes.Concat(Enumerable.Repeat((2.0, 2.0, 40.0, 40.0), wrong))));
        Assert.Null(Finding("coco", boxes.Append((600, 400, 300, 30)))); // fits in no layout
    }

    private static BoxLayoutHypothesis Declared(string format) => format switch
    {
        "coco" => new(BoxLayout.CornerAndSize, false, false),
        "voc" => new(BoxLayout.Corners, false, false),
        _ => new(BoxLayout.CenterAndSize, false, true),
    };

    private static IEnumerable<(double X, double Y, double W, double H)> Boxes(int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            // Some touch the edges, as objects do that leave the picture.
            double width = 12 + (random.NextDouble() * 250);
            double height = 12 + (random.NextDouble() * 200);
            double x = i % 6 == 0 ? 0 : i % 6 == 1 ? Size.Width - width : random.NextDouble() * (Size.Width - width);
            double y = i % 5 == 0 ? 0 : i % 5 == 1 ? Size.Height - height : random.NextDouble() * (Size.Height - height);
            yield return (x, y, width, height);
        }
    }

    private static (double A, double B, double C, double D) Write((double X, double Y, double W, double H) box, BoxLayoutHypothesis how)
    {
        (double a, double b, double c, double d) = how.Layout switch
        {
            BoxLayout.CornerAndSize => box,
            BoxLayout.Corners => (box.X, box.Y, box.X + box.W, box.Y + box.H),
            _ => (box.X + (box.W / 2), box.Y + (box.H / 2), box.W, box.H),
        };
        (a, b, c, d) = how.IsNormalized ? (a / Size.Width, b / Size.Height, c / Size.Width, d / Size.Height) : (a, b, c, d);
        return how.YFirst ? (b, a, d, c) : (a, b, c, d);
    }

    // As the readers take four numbers: COCO corner and size, VOC corners counted from 1, YOLO center and size.
    private static LintFinding? Finding(string format, IEnumerable<(double A, double B, double C, double D)> boxes)
    {
        ReadStatistics statistics = new(Declared(format), oneBased: format == "voc");
        foreach ((double a, double b, double c, double d) in boxes)
        {
            (double x1, double y1, double x2, double y2) = format switch
            {
                "coco" => (a, b, a + c, b + d),
                "voc" => (a - 1, b - 1, c, d),
                _ => (a - (c / 2), b - (d / 2), a + (c / 2), b + (d / 2)),
            };
            RawBox raw = new() { Label = 0, X1 = x1, Y1 = y1, X2 = x2, Y2 = y2, Position = 0 };
            statistics.BoxLayouts!.Add(raw, format == "yolo", Size, "file", "image");
        }

        DetectionDataset set = LintDatasets.Valid() with { ReadStatistics = statistics };
        return DatasetCheck.Run(set).Findings.SingleOrDefault(finding => finding.Id == "FS205");
    }
}
