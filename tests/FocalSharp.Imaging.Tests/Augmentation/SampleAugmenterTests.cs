using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class SampleAugmenterTests
{
    // One colour channel per class, so that each box can be found again by its pixels; the background is black.
    private static readonly RgbColor[] Colors = [new(255, 0, 0), new(0, 255, 0), new(0, 0, 255)];

    private static readonly AugmentationOptions Geometry = AugmentationOptions.None with
    {
        HorizontalFlip = 0.5,
        VerticalFlip = 0.3,
        Affine = 1,
        Fill = RgbColor.Black,
        MinVisibleArea = 0,
        MinBoxSide = 0,
    };

    [Fact]
    public void Without_augmentation_the_sample_is_letterboxed()
    {
        TrainingSample sample = Scene(1);
        AugmentationRandom random = new(1);
        TrainingSample result = SampleAugmenter.Apply(_ => sample, 0, 1, 48, 48, AugmentationOptions.None, ref random);
        (RgbImage canvas, ResizeTransform frame) = Letterbox.Apply(sample.Image, 48, 48, AugmentationOptions.None.Fill);

        Assert.Equal(canvas.Pixels, result.Image.Pixels);
        Assert.Equal(sample.Labels, result.Labels);
        Assert.Equal(sample.Boxes[0].X2 * frame.ScaleX, result.Boxes[0].X2, 1e-3);
        Assert.Equal(sample.Boxes[0].Y2 * frame.ScaleY, result.Boxes[0].Y2, 1e-3);
    }

    [Fact]
    public void Stretched_samples_fill_the_canvas_as_at_evaluation()
    {
        TrainingSample sample = new(TestImages.Noise(30, 60), [new(3, 5, 12, 50)], [0]);
        ResizeRule rule = new() { Mode = ResizeMode.Stretch, LongSide = 40, ShortSide = 40 };
        TrainingSample result = SampleAugmenter.Fit(sample, 40, 40, AugmentationOptions.None with { Fit = ResizeMode.Stretch });

        Assert.Equal(rule.Apply(sample.Image).Image.Pixels, result.Image.Pixels);
        Assert.Equal(new Box(4, 10f / 3, 16, 100f / 3), Assert.Single(result.Boxes), Near);
        static bool Near(Box a, Box b) => Math.Abs(a.X1 - b.X1) + Math.Abs(a.Y1 - b.Y1) + Math.Abs(a.X2 - b.X2) + Math.Abs(a.Y2 - b.Y2) < 1e-3;
    }

    [Fact]
    public void Drawn_rectangles_stay_where_their_boxes_say_when_stretched() => Check(Geometry with { Fit = ResizeMode.Stretch, Mosaic = 0.5 });

    [Fact]
    public void The_official_flip_mirrors_within_the_frame_and_leaves_the_padding_at_the_right()
    {
        TrainingSample sample = new(TestImages.Noise(30, 60), [new(3, 5, 12, 50)], [0]);
        TrainingSample result = SampleAugmenter.Fit(sample, 40, 40, AugmentationOptions.ResizeAndFlip, mirrorX: true);
        RgbImage expected = Flip.Horizontal(BilinearResizer.Resize(sample.Image, 20, 40));

        for (int y = 0; y < 40; y++)
        {
            Assert.Equal(expected.Row(y).ToArray(), result.Image.Row(y)[..60].ToArray());
            Assert.Equal(AugmentationOptions.ResizeAndFlip.Fill, TestImages.At(result.Image, 20, y));
        }

        Box box = Assert.Single(result.Boxes);
        Assert.Equal(20 - (12 * 20 / 30f), box.X1, 1e-4);
        Assert.Equal(20 - (3 * 20 / 30f), box.X2, 1e-4);
    }

    [Fact]
    public void Drawn_rectangles_stay_where_their_boxes_say_through_scale_place_and_flip() => Check(Geometry);

    [Fact]
    public void Drawn_rectangles_stay_where_their_boxes_say_in_a_mosaic() => Check(Geometry with { Mosaic = 1 });

    [Fact]
    public void Drawn_rectangles_stay_where_their_boxes_say_when_cropped() =>
        Check(Geometry with { Affine = 0, Crop = 1 }, everyObjectIsLabeled: false);

    [Fact]
    public void Turned_rectangles_are_held_by_their_boxes() => Gen.Int.Sample(seed =>
    {
        AugmentationRandom random = new(seed);
        TrainingSample scene = Scene(seed);
        TrainingSample result = SampleAugmenter.Apply(
            _ => scene, 0, 1, 80, 60, Geometry with { Rotate = 40, Shear = 15 }, ref random);
        for (int label = 0; label < 3; label++)
        {
            Box seen = Extent(result.Image, label, PixelRegion.FromImage(result.Image));
            Box[] boxes = [.. result.Boxes.Where((_, i) => result.Labels[i] == label)];
            Assert.True(seen.IsEmpty || boxes.Any(box => Contains(box, seen)), $"seed {seed}, class {label}: {seen} is in no box");
        }
    }, iter: 200);

    [Fact]
    public void One_seed_gives_one_sample_and_another_seed_another()
    {
        AugmentationOptions options = new() { Mosaic = 0.5, MixUp = 0.5, Rotate = 5 };
        TrainingSample first = Run(new(7, 2, 3));
        TrainingSample again = Run(new(7, 2, 3));
        TrainingSample other = Run(new(7, 2, 4));

        Assert.Equal(first.Image.Pixels, again.Image.Pixels);
        Assert.Equal(first.Boxes, again.Boxes);
        Assert.NotEqual(first.Image.Pixels, other.Image.Pixels);

        TrainingSample Run(AugmentationRandom random) => SampleAugmenter.Apply(Scene, 3, 10, 64, 64, options, ref random);
    }

    [Fact]
    public void The_source_sample_is_never_changed()
    {
        TrainingSample sample = Scene(4);
        byte[] before = [.. sample.Image.Pixels];
        for (int seed = 0; seed < 30; seed++)
        {
            AugmentationRandom random = new(seed);
            SampleAugmenter.Apply(_ => sample, 0, 1, 60, 40, new() { Mosaic = 0.3, MixUp = 0.3, Crop = 0.3, Affine = 0.5 }, ref random);
        }

        Assert.Equal(before, sample.Image.Pixels);
    }

    [Fact]
    public void Every_box_lies_within_the_result_and_is_large_enough() => Gen.Int.Sample(seed =>
    {
        AugmentationRandom random = new(seed);
        AugmentationOptions options = new() { Mosaic = 0.5, MixUp = 0.3, Crop = 0.2, Rotate = 20, MinBoxSide = 3 };
        TrainingSample result = SampleAugmenter.Apply(Scene, 0, 20, 50, 70, options, ref random);
        Assert.Equal((50, 70), (result.Image.Width, result.Image.Height));
        Assert.Equal(result.Boxes.Length, result.Labels.Length);
        Assert.All(result.Boxes, box =>
        {
            Assert.Equal(box, box.Clip(50, 70));
            Assert.True(box.Width >= 3 && box.Height >= 3, box.ToString());
        });
    }, iter: 200);

    [Fact]
    public void A_box_mostly_cut_away_is_dropped()
    {
        // Scale 3 shows a third of either side; at any place, a box that covers the image keeps a ninth of its area.
        AugmentationOptions options = Geometry with { ScaleRange = (3, 3), Translate = 0, MinVisibleArea = 0.2 };
        TrainingSample sample = new(new(30, 30), [new(0, 0, 30, 30)], [0]);
        AugmentationRandom random = new(1);
        Assert.Empty(SampleAugmenter.Apply(_ => sample, 0, 1, 30, 30, options, ref random).Boxes);
        Assert.Single(SampleAugmenter.Apply(_ => sample, 0, 1, 30, 30, options with { MinVisibleArea = 0.1 }, ref random).Boxes);
    }

    [Fact]
    public void A_sample_without_objects_stays_without()
    {
        AugmentationRandom random = new(1);
        TrainingSample empty = new(TestImages.Noise(20, 20), [], []);
        AugmentationOptions options = new() { Mosaic = 0.5, MixUp = 0.5, Crop = 0.5 };
        for (int i = 0; i < 20; i++)
        {
            Assert.Empty(SampleAugmenter.Apply(_ => empty, 0, 1, 20, 20, options, ref random).Boxes);
        }
    }

    // Each visible object's pixels end within a pixel of its box.
    private static void Check(AugmentationOptions options, bool everyObjectIsLabeled = true) => Gen.Int.Sample(seed =>
    {
        AugmentationRandom random = new(seed);
        TrainingSample result = SampleAugmenter.Apply(i => Scene(seed + i), 0, 4, 96, 72, options, ref random);
        for (int i = 0; i < result.Count; i++)
        {
            Box box = result.Boxes[i];
            PixelRegion around = Around(box, result.Image);
            Box seen = Extent(result.Image, result.Labels[i], around);
            if (box.Width >= 2 && box.Height >= 2 && !result.Boxes.Where((other, j) => j != i && result.Labels[j] == result.Labels[i])
                .Any(other => Touches(other, box)))
            {
                Assert.True(Near(box, seen), $"seed {seed}: box {box} but pixels {seen}");
            }
        }

        if (everyObjectIsLabeled)
        {
            for (int y = 0; y < result.Image.Height; y++)
            {
                for (int x = 0; x < result.Image.Width; x++)
                {
                    int label = LabelAt(result.Image, x, y);
                    Assert.True(label < 0 || result.Boxes.Where((_, j) => result.Labels[j] == label)
                        .Any(box => x >= box.X1 - 1 && x + 1 <= box.X2 + 1 && y >= box.Y1 - 1 && y + 1 <= box.Y2 + 1), $"seed {seed}: {x},{y}");
                }
            }
        }
    }, iter: 200);

    private static TrainingSample Scene(int seed)
    {
        Random random = new(seed);
        RgbImage image = new(80 + random.Next(60), 60 + random.Next(60));
        Box[] boxes = new Box[3];
        for (int i = 0; i < 3; i++)
        {
            // One object a third of the image, so none hides another.
            int x = (i * image.Width / 3) + random.Next(4);
            int y = random.Next(image.Height / 2);
            int w = 12 + random.Next((image.Width / 3) - 17);
            int h = 12 + random.Next(image.Height - y - 12);
            TestImages.Fill(image, x, y, x + w, y + h, Colors[i]);
            boxes[i] = new(x, y, x + w, y + h);
        }

        return new(image, boxes, [0, 1, 2]);
    }

    private static int LabelAt(RgbImage image, int x, int y)
    {
        RgbColor color = TestImages.At(image, x, y);
        return color.R > 127 ? 0 : color.G > 127 ? 1 : color.B > 127 ? 2 : -1;
    }

    private static Box Extent(RgbImage image, int label, PixelRegion region)
    {
        (int x1, int y1, int x2, int y2) = (int.MaxValue, int.MaxValue, 0, 0);
        for (int y = region.Y; y < region.Y + region.Height; y++)
        {
            for (int x = region.X; x < region.X + region.Width; x++)
            {
                if (LabelAt(image, x, y) == label)
                {
                    (x1, y1, x2, y2) = (Math.Min(x1, x), Math.Min(y1, y), Math.Max(x2, x + 1), Math.Max(y2, y + 1));
                }
            }
        }

        return x2 == 0 ? default : new(x1, y1, x2, y2);
    }

    private static PixelRegion Around(Box box, RgbImage image)
    {
        (int x1, int y1) = (Math.Max(0, (int)box.X1 - 2), Math.Max(0, (int)box.Y1 - 2));
        return new(x1, y1, Math.Min(image.Width, (int)box.X2 + 3) - x1, Math.Min(image.Height, (int)box.Y2 + 3) - y1);
    }

    private static bool Touches(Box a, Box b) => a.X1 - 4 < b.X2 && b.X1 - 4 < a.X2 && a.Y1 - 4 < b.Y2 && b.Y1 - 4 < a.Y2;

    private static bool Near(Box a, Box b) =>
        Math.Abs(a.X1 - b.X1) <= 1 && Math.Abs(a.Y1 - b.Y1) <= 1 && Math.Abs(a.X2 - b.X2) <= 1 && Math.Abs(a.Y2 - b.Y2) <= 1;

    private static bool Contains(Box outer, Box inner) =>
        outer.X1 <= inner.X1 + 1 && outer.Y1 <= inner.Y1 + 1 && outer.X2 >= inner.X2 - 1 && outer.Y2 >= inner.Y2 - 1;
}
