using CsCheck;
using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class AffineSamplerTests
{
    private static readonly RgbColor Fill = new(1, 2, 3);

    private static readonly Gen<AffineTransform> Transforms = Gen.Select(
        Gen.Double[0.2, 3], Gen.Double[0.2, 3], Gen.Double[-180, 180], Gen.Double[-30, 30], Gen.Double[-40, 60])
        .Select((sx, sy, angle, shear, move) => AffineTransform.Scale(sx, sy).Then(AffineTransform.Rotate(angle))
            .Then(AffineTransform.Shear(shear, 0)).Then(AffineTransform.Translate(move, 20 - move)));

    [Fact]
    public void The_identity_copies()
    {
        RgbImage image = TestImages.Noise(23, 11);
        RgbImage copy = new(23, 11);
        AffineSampler.Warp(image, copy, AffineTransform.Identity, Fill);
        Assert.Equal(image.Pixels, copy.Pixels);
    }

    [Fact]
    public void Mirroring_equals_the_flip() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).Sample((w, h) =>
    {
        RgbImage image = TestImages.Noise(w, h);
        RgbImage mirrored = new(w, h);
        AffineSampler.Warp(image, mirrored, AffineTransform.FlipHorizontal(w), Fill);
        Assert.Equal(Flip.Horizontal(image).Pixels, mirrored.Pixels);
        AffineSampler.Warp(image, mirrored, AffineTransform.FlipVertical(h), Fill);
        Assert.Equal(Flip.Vertical(image).Pixels, mirrored.Pixels);
    }, iter: 50);

    [Fact]
    public void Every_pixel_is_the_exact_interpolation_or_the_fill() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 30], Transforms).Sample((w, h, outW, outH, transform) =>
        {
            RgbImage source = TestImages.Noise(w, h, w * h);
            RgbImage output = new(outW, outH);
            AffineSampler.Warp(source, output, transform, Fill);
            AffineTransform back = transform.Invert();
            for (int y = 0; y < outH; y++)
            {
                for (int x = 0; x < outW; x++)
                {
                    (double u, double v) = back.Apply(x + 0.5, y + 0.5);
                    RgbColor actual = TestImages.At(output, x, y);
                    double outside = Math.Max(Math.Max(-u, u - w), Math.Max(-v, v - h));
                    if (outside > 1e-6)
                    {
                        Assert.Equal(Fill, actual);
                    }
                    else if (outside < -1e-6)
                    {
                        Assert.InRange(actual.R - Exact(source, u - 0.5, v - 0.5, 0), -1, 1);
                        Assert.InRange(actual.G - Exact(source, u - 0.5, v - 0.5, 1), -1, 1);
                        Assert.InRange(actual.B - Exact(source, u - 0.5, v - 0.5, 2), -1, 1);
                    }
                }
            }
        }, iter: 300);

    [Fact]
    public void Pixels_outside_the_region_are_left_alone() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 12], Gen.Int[0, 12], Transforms).Sample((x, y, w, h, transform) =>
        {
            RgbImage source = TestImages.Noise(40, 40);
            RgbImage before = TestImages.Noise(32, 32, 2);
            RgbImage canvas = new(32, 32, [.. before.Pixels]);
            RgbImage whole = new(32, 32);
            AffineSampler.Warp(source, whole, transform, Fill);
            AffineSampler.Warp(source, canvas, transform, Fill, new(x, y, w, h));
            for (int i = 0; i < 32 * 32; i++)
            {
                (int px, int py) = (i % 32, i / 32);
                bool inside = px >= x && px < x + w && py >= y && py < y + h;
                Assert.Equal(TestImages.At(inside ? whole : before, px, py), TestImages.At(canvas, px, py));
            }
        }, iter: 200);

    [Fact]
    public void A_region_beyond_the_canvas_is_refused() => Assert.Throws<ArgumentException>(() =>
        AffineSampler.Warp(new(4, 4), new(4, 4), AffineTransform.Identity, Fill, new(1, 0, 4, 4)));

    [Fact]
    public void A_transform_and_its_inverse_cancel() => Gen.Select(Transforms, Gen.Double[-99, 99], Gen.Double[-99, 99]).Sample((transform, x, y) =>
    {
        (double u, double v) = transform.Then(transform.Invert()).Apply(x, y);
        return Math.Abs(u - x) < 1e-8 && Math.Abs(v - y) < 1e-8;
    });

    [Fact]
    public void A_flattening_transform_has_no_inverse() =>
        Assert.Throws<InvalidOperationException>(() => AffineTransform.Scale(0, 1).Invert());

    private static double Exact(RgbImage image, double x, double y, int channel)
    {
        (int x0, int y0) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double fx, double fy) = (x - x0, y - y0);
        return ((1 - fy) * (((1 - fx) * At(x0, y0)) + (fx * At(x0 + 1, y0)))) + (fy * (((1 - fx) * At(x0, y0 + 1)) + (fx * At(x0 + 1, y0 + 1))));

        double At(int px, int py) =>
            image.Row(Math.Clamp(py, 0, image.Height - 1))[(Math.Clamp(px, 0, image.Width - 1) * 3) + channel];
    }
}
