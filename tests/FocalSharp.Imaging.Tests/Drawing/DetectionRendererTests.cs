using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging.Drawing;

namespace FocalSharp.Imaging.Tests.Drawing;

public sealed class DetectionRendererTests
{
    private static readonly RgbColor Background = new(60, 60, 60);
    private static readonly string[] Classes = ["cup", "key"];
    private static readonly DrawingOptions Bare = new() { ShowLabels = false, LineWidth = 2 };
    private static readonly Box Middle = new(60, 50, 140, 110);

    [Fact]
    public void A_sure_box_is_a_solid_line_of_its_color_and_touches_nothing_else()
    {
        RgbImage image = TestImages.Solid(200, 160, Background);
        RgbImage drawn = DetectionRenderer.Draw(image, [new(Middle, 0, 0.9f, default)], Classes, Bare);

        Assert.All(image.Pixels, value => Assert.Equal(60, value));
        Assert.Equal((200, 160), (drawn.Width, drawn.Height));
        for (int x = 62; x < 138; x++)
        {
            Assert.Equal(Palette.GetColor(0), TestImages.At(drawn, x, 50));
            Assert.Equal(Palette.GetColor(0), TestImages.At(drawn, x, 109));
        }

        Assert.Equal(Background, TestImages.At(drawn, 100, 80));
        Assert.Equal(Background, TestImages.At(drawn, 56, 80));
        Assert.Equal(Background, TestImages.At(drawn, 144, 80));
    }

    [Fact]
    public void Each_side_has_a_band_as_wide_as_its_own_deviation()
    {
        Detection unsure = new(Middle, 0, 0.9f, new(12, 0, 20, 6));
        RgbImage drawn = DetectionRenderer.Draw(TestImages.Solid(200, 160, Background), [unsure], Classes, Bare);

        // A quarter along each side, away from the whiskers in the middle.
        Assert.True(Tinted(drawn, 50, 65) && Tinted(drawn, 70, 65), "the left band reaches 12 px either way");
        Assert.Equal(Background, TestImages.At(drawn, 46, 65));
        Assert.Equal(Background, TestImages.At(drawn, 74, 65));
        Assert.True(Tinted(drawn, 158, 65) && Tinted(drawn, 122, 65), "the right band reaches 20 px either way");
        Assert.Equal(Background, TestImages.At(drawn, 162, 65));
        Assert.True(Tinted(drawn, 85, 114) && Tinted(drawn, 85, 106), "the bottom band reaches 6 px either way");
        Assert.Equal(Background, TestImages.At(drawn, 85, 118));
        Assert.Equal(Background, TestImages.At(drawn, 85, 45));
        Assert.Equal(Palette.GetColor(0), TestImages.At(drawn, 128, 80));

        RgbImage without = DetectionRenderer.Draw(TestImages.Solid(200, 160, Background), [unsure], Classes, Bare with { DeviationBand = 0 });
        Assert.Equal(Background, TestImages.At(without, 50, 65));
    }

    [Fact]
    public void Truth_is_dashed()
    {
        RgbImage drawn = DetectionRenderer.DrawGroundTruth(TestImages.Solid(200, 160, Background), [Middle], [1], Classes, Bare);
        RgbColor[] edge = [.. Enumerable.Range(60, 80).Select(x => TestImages.At(drawn, x, 50))];
        Assert.Contains(Palette.GetColor(1), edge);
        Assert.Contains(Background, edge);
    }

    [Fact]
    public void Tags_name_the_class_and_the_score()
    {
        RgbImage image = TestImages.Solid(200, 160, Background);
        RgbImage cup = Draw(new(Middle, 0, 0.9f, default), new());
        Assert.NotEqual(cup.Pixels, Draw(new(Middle, 0, 0.8f, default), new()).Pixels);
        Assert.Equal(
            Draw(new(Middle, 0, 0.9f, default), new() { ShowScores = false }).Pixels,
            Draw(new(Middle, 0, 0.8f, default), new() { ShowScores = false }).Pixels);
        Assert.Equal(Palette.GetColor(0).B, TestImages.At(cup, 62, 46).B, 20.0);

        RgbImage Draw(Detection detection, DrawingOptions options) => DetectionRenderer.Draw(image, [detection], Classes, options);
    }

    [Fact]
    public void Weak_detections_are_left_out()
    {
        RgbImage drawn = DetectionRenderer.Draw(
            TestImages.Solid(200, 160, Background), [new(Middle, 0, 0.2f, default)], Classes, new() { MinScore = 0.3f });
        Assert.All(drawn.Pixels, value => Assert.Equal(60, value));
    }

    [Fact]
    public void Small_images_are_enlarged_when_asked()
    {
        RgbImage drawn = DetectionRenderer.Draw(
            TestImages.Solid(100, 80, Background), [new(new(30, 25, 70, 55), 0, 0.9f, default)], Classes, Bare with { MinLongSide = 200 });
        Assert.Equal((200, 160), (drawn.Width, drawn.Height));
        Assert.Equal(Palette.GetColor(0), TestImages.At(drawn, 100, 50));
    }

    [Fact]
    public void Unusual_boxes_names_and_deviations_are_drawn_without_error()
    {
        Detection[] odd =
        [
            new(new(float.NaN, 0, 5, 5), 0, 0.5f, default), new(new(-50, -50, 400, 400), 99, 0.5f, new(float.NaN, -1, float.PositiveInfinity, 900)),
            new(new(20, 20, 20, 20), 1, 0.5f, new(3, 3, 3, 3)), new(new(5, 5, 2, 2), -1, 0.5f, default),
        ];
        RgbImage drawn = DetectionRenderer.Draw(TestImages.Noise(64, 48), odd, ["", "Größe 中\n\t\u0001\ud83d\ude00"]);
        Assert.Equal((64, 48), (drawn.Width, drawn.Height));
        Assert.Equal(1, DetectionRenderer.Draw(TestImages.Noise(1, 1), odd, Classes).Height);
    }

    [Fact]
    public void Comparison_shows_truth_and_prediction_beside_each_other()
    {
        ObjectAnnotation[] truth = [new() { Label = 0, Box = Middle }, new() { Label = 1, Box = Middle, IsCrowd = true }];
        RgbImage both = GroundTruthComparison.Draw(TestImages.Solid(200, 160, Background), truth, [new(Middle, 0, 0.7f, default)], Classes, name: "a.jpg");
        Assert.True(both.Width > 400 && both.Height > 160);
    }

    [Fact]
    public void Ground_truth_without_a_label_for_each_box_is_refused()
    {
        RgbImage image = TestImages.Solid(8, 8, Background);
        Assert.Throws<ArgumentException>("labels", () => DetectionRenderer.DrawGroundTruth(image, [Middle], [], Classes));
        Assert.Throws<ArgumentNullException>("objects", () => DetectionRenderer.DrawGroundTruth(image, null!, Classes));
        Assert.Throws<ArgumentNullException>("image", () => DetectionRenderer.DrawGroundTruth(null!, [Middle], [0], Classes));
    }

    private static bool Tinted(RgbImage image, int x, int y)
    {
        RgbColor pixel = TestImages.At(image, x, y);
        return pixel.B > 90 && pixel.B < 200;
    }
}
