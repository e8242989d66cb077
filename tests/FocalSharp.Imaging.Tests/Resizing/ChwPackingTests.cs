using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class ChwPackingTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(15, 3, 32, 32)]
    [InlineData(16, 2, 16, 2)]
    [InlineData(53, 7, 64, 9)]
    public void Planes_hold_each_channel_and_zero_around_the_image(int width, int height, int planeWidth, int planeHeight)
    {
        RgbImage image = TestImages.Noise(width, height);
        byte[] planes = [.. Enumerable.Repeat((byte)99, 3 * planeWidth * planeHeight)];

        ChwPacking.Write(image, planes, planeWidth, planeHeight);

        for (int i = 0; i < planes.Length; i++)
        {
            (int c, int y, int x) = (i / (planeWidth * planeHeight), i / planeWidth % planeHeight, i % planeWidth);
            Assert.Equal(x < width && y < height ? image.Row(y)[(x * 3) + c] : 0, planes[i]);
        }
    }

    [Fact]
    public void An_image_larger_than_the_planes_is_refused() =>
        Assert.Throws<ArgumentException>(() => ChwPacking.Write(TestImages.Noise(5, 4), new byte[3 * 16], 4, 4));
}
