using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

public sealed class ResultsHintsTests
{
    private static readonly CocoBox[] Boxes = [new(20, 30, 40, 30), new(100, 40, 60, 90), new(10, 120, 50, 40), new(150, 10, 30, 30), new(60, 90, 45, 35), new(120, 140, 70, 50)];

    private static readonly CocoGroundTruth Truth = new(
        "truth", [2, 1], [new(1, "cat"), new(2, "dog")],
        [.. Boxes.Select((box, i) => new CocoAnnotation(i + 1, 1 + (i % 2), 1 + (i % 2), box, box.Area, false))])
    {
        FileNames = ["1.jpg", "2.jpg"],
        ImageSizes = new Dictionary<long, (double, double)> { [1] = (200, 200), [2] = (200, 200) },
    };

    public static TheoryData<string, Func<CocoResult, CocoResult>> Layouts => new()
    {
        { "corners x1, y1, x2, y2:", one => one with { Box = Corners(one.Box) } },
        { "corners y1, x1, y2, x2:", one => one with { Box = new(one.Box.Y, one.Box.X, one.Box.Y + one.Box.Height, one.Box.X + one.Box.Width) } },
        { "center x, center y, width, height:", one => one with { Box = new(one.Box.X + (one.Box.Width / 2), one.Box.Y + (one.Box.Height / 2), one.Box.Width, one.Box.Height) } },
        { "fractions of the image (x, y, width, height)", one => one with { Box = Scale(one.Box) } },
        { "fractions of the image (x1, y1, x2, y2)", one => one with { Box = Scale(Corners(one.Box)) } },
        { "class indices from 0", one => one with { CategoryId = one.CategoryId - 1 } },
        { "the number in the file name", one => one with { ImageId = 3 - one.ImageId } },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Results_in_another_layout_are_named(string expected, Func<CocoResult, CocoResult> change)
    {
        string hint = Assert.IsType<string>(ResultsHints.Find(Truth, Results(change)));
        Assert.Contains(expected, hint, StringComparison.Ordinal);
        Assert.Contains("they match 6 objects at IoU 0.5", hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_results_and_results_that_match_in_no_way_get_no_hint()
    {
        Assert.Null(ResultsHints.Find(Truth, Results(one => one)));
        Assert.Null(ResultsHints.Find(Truth, Results(one => one with { Box = new(one.Box.X + 500, one.Box.Y, 3, 4) })));
        Assert.Null(ResultsHints.Find(Truth, new CocoResults("none", [])));
    }

    private static CocoResults Results(Func<CocoResult, CocoResult> change) =>
        new("results", Boxes.Select((box, i) => change(new CocoResult(1 + (i % 2), 1 + (i % 2), box, 0.9 - (i * 0.1)))));

    private static CocoBox Corners(in CocoBox box) => new(box.X, box.Y, box.X + box.Width, box.Y + box.Height);

    private static CocoBox Scale(in CocoBox box) => new(box.X / 200, box.Y / 200, box.Width / 200, box.Height / 200);
}
