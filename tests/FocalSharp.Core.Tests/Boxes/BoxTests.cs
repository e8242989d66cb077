using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Core.Tests.Boxes;

public sealed class BoxTests
{
    [Fact]
    public void A_box_prints_its_corners_in_any_culture() => InGermanCulture(
        () => Assert.Equal("Box (x1 12.0, y1 8.3, x2 50.0, y2 60.0)", new Box(12, 8.25f, 50, 60).ToString()));

    [Fact]
    public void A_detection_prints_its_label_score_box_and_deviation_in_any_culture() => InGermanCulture(() => Assert.Equal(
        "Detection (label 3, score 0.87, Box (x1 12.0, y1 8.0, x2 50.0, y2 60.0), deviation left 1.0, top 0.5, right 2.0, bottom 0.8)",
        new Detection(new Box(12, 8, 50, 60), 3, 0.87f, new SideValues(1, 0.5f, 2, 0.75f)).ToString()));

    private static void InGermanCulture(Action test)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            test();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
