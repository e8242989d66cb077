using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class RowResizerTests
{
    [Theory]
    [InlineData(97, 83, 20, 13)]
    [InlineData(97, 83, 64, 64)]
    [InlineData(20, 13, 97, 83)]
    [InlineData(50, 90, 64, 40)]
    [InlineData(30, 30, 30, 30)]
    [InlineData(5, 1, 8, 8)]
    public void Rows_that_are_added_one_after_another_give_the_resized_image(int width, int height, int newWidth, int newHeight)
    {
        RgbImage image = TestImages.Noise(width, height);
        foreach (ResizeMode mode in Enum.GetValues<ResizeMode>())
        {
            byte[] whole = new byte[newWidth * newHeight * 3];
            ResizeRule.Resize(mode, image.View, whole, newWidth * 3, newWidth, newHeight);
            byte[] byRows = new byte[whole.Length];
            using RowResizer rows = RowResizer.Create(mode, new ImageSize(width, height), new ImageSize(newWidth, newHeight));
            for (int y = 0; y < height; y++)
            {
                rows.Add(image.Row(y), byRows, newWidth * 3);
            }

            Assert.Equal(whole, byRows);
        }
    }
}
