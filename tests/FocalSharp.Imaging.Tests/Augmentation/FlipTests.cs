using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class FlipTests
{
    [Fact]
    public void Flipping_twice_is_the_identity() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).Sample((w, h) =>
    {
        TrainingSample sample = new(TestImages.Noise(w, h), [new(0, 0, w / 2, h)], [3]);
        TrainingSample across = Flip.Horizontal(Flip.Horizontal(sample));
        TrainingSample down = Flip.Vertical(Flip.Vertical(sample));
        Assert.Equal(sample.Image.Pixels, across.Image.Pixels);
        Assert.Equal(sample.Image.Pixels, down.Image.Pixels);
        Assert.Equal(sample.Boxes, across.Boxes);
        Assert.Equal(sample.Boxes, down.Boxes);
    }, iter: 50);

    [Fact]
    public void Pixels_and_box_move_together()
    {
        RgbImage image = new(10, 8);
        TestImages.Fill(image, 1, 2, 4, 7, RgbColor.White);
        TrainingSample sample = new(image, [new Box(1, 2, 4, 7)], [0]);

        Assert.Equal([new Box(6, 2, 9, 7)], Flip.Horizontal(sample).Boxes);
        Assert.Equal([new Box(1, 1, 4, 6)], Flip.Vertical(sample).Boxes);
        RgbImage across = new(10, 8);
        TestImages.Fill(across, 6, 2, 9, 7, RgbColor.White);
        Assert.Equal(across.Pixels, Flip.Horizontal(image).Pixels);
    }
}
