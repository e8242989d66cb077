using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class CopyPasteTests
{
    private static readonly AugmentationOptions Options = AugmentationOptions.None with { CopyPaste = 1 };

    [Fact]
    public void A_pasted_object_lies_where_its_box_says_and_fades_out_around_it()
    {
        // Nothing but red in the source: what is red on the canvas was pasted.
        TrainingSample source = new(TestImages.Solid(60, 60, new RgbColor(255, 0, 0)), [new(20, 20, 40, 40)], [3]);
        AugmentationRandom random = new(5);
        TrainingSample result = CopyPaste.Apply(Black(60), source, Options with { CopyPasteMax = 1 }, ref random);

        Box box = Assert.Single(result.Boxes);
        Assert.Equal(3, Assert.Single(result.Labels));
        Assert.InRange(box.Width, 0.75f * 20, 1.35f * 20);
        for (int y = 0; y < 60; y++)
        {
            for (int x = 0; x < 60; x++)
            {
                float outside = MathF.Max(
                    MathF.Max(box.X1 - (x + 0.5f), x + 0.5f - box.X2), MathF.Max(box.Y1 - (y + 0.5f), y + 0.5f - box.Y2));
                int red = TestImages.At(result.Image, x, y).R;
                Assert.InRange(red, outside <= 0 ? 250 : 0, outside >= 5 ? 0 : 255);
            }
        }
    }

    [Fact]
    public void Boxes_and_labels_that_were_there_stay_and_are_covered_by_less_than_a_third() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 6]).Sample((seed, max) =>
        {
            TrainingSample canvas = new(TestImages.Noise(64, 64), [new(5, 5, 25, 25), new(30, 20, 60, 60)], [0, 1]);
            TrainingSample source = new(TestImages.Noise(80, 48), [new(2, 2, 30, 30), new(40, 10, 70, 40)], [1, 2]);
            AugmentationRandom random = new(seed);
            TrainingSample result = CopyPaste.Apply(canvas, source, Options with { CopyPasteMax = max }, ref random);

            Assert.Equal(canvas.Boxes, result.Boxes[..2]);
            Assert.InRange(result.Count, 2, 2 + max);
            foreach (Box before in canvas.Boxes)
            {
                double hidden = result.Boxes[2..].Sum(pasted => Intersection(before, pasted));
                Assert.True(hidden <= (0.3 * before.Area) + 1e-3);
            }

            foreach (Box pasted in result.Boxes[2..])
            {
                Assert.True(pasted.X1 >= 0 && pasted.Y1 >= 0 && pasted.X2 <= 64.01 && pasted.Y2 <= 64.01);
            }
        });

    [Fact]
    public void A_sample_without_objects_gives_none()
    {
        AugmentationRandom random = new(1);

        Assert.Equal(0, CopyPaste.Apply(Black(32), new(TestImages.Noise(32, 32), [], []), Options, ref random).Count);
    }

    [Fact]
    public void Objects_larger_than_the_canvas_or_without_room_are_left_out()
    {
        AugmentationRandom random = new(2);
        TrainingSample full = new(TestImages.Noise(32, 32), [new(0, 0, 32, 32)], [0]);

        Assert.Single(CopyPaste.Apply(full, new(TestImages.Noise(32, 32), [new(0, 0, 32, 32)], [1]), Options, ref random).Boxes);
    }

    [Fact]
    public void Switched_off_it_leaves_every_other_random_choice_as_it_was()
    {
        TrainingSample sample = new(TestImages.Noise(40, 40), [new(3, 5, 12, 30)], [0]);
        AugmentationOptions plain = new() { Mosaic = 0.5, MixUp = 0.5 };
        AugmentationRandom a = new(7);
        AugmentationRandom b = new(7);
        TrainingSample without = SampleAugmenter.Apply(_ => sample, 0, 1, 48, 48, plain, ref a);
        TrainingSample with = SampleAugmenter.Apply(_ => sample, 0, 1, 48, 48, plain with { CopyPaste = 1 }, ref b);

        Assert.Equal(without.Boxes, with.Boxes[..without.Count]);
    }

    private static TrainingSample Black(int side) => new(TestImages.Solid(side, side, RgbColor.Black), [], []);

    private static double Intersection(Box a, Box b) =>
        Math.Max(0.0, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1)) * Math.Max(0.0, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));
}
