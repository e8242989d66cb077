using FocalSharp.Boxes;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Determines whether the annotations of a photo that EXIF rotates refer to the displayed image or to the stored pixels. Tools and training
/// pipelines apply the rotation (browsers, OpenCV's <c>imread</c>), so boxes normally refer to the displayed image; but if a file states the
/// size of the stored pixels, and all its boxes lie within them, the boxes are rotated together with the image.
/// </summary>
internal static class ExifBoxTransform
{
    private const double Tolerance = 1;

    /// <summary>Returns whether the annotated size and boxes refer to the stored pixels of a photo that EXIF rotates by 90 degrees.</summary>
    public static bool UsesStoredPixels(RawImage image, ImageHeaderInfo file) =>
        ExifOrientation.Transposes(file.Orientation)
        && image.Size == file.StoredSize
        && file.StoredSize != file.DisplaySize
        && image.Boxes.All(box => box.X2 <= file.StoredSize.Width + Tolerance && box.Y2 <= file.StoredSize.Height + Tolerance);

    /// <summary>Converts a box on the stored pixels to the displayed image.</summary>
    /// <param name="box">The box.</param>
    /// <param name="orientation">The EXIF orientation, 5 to 8.</param>
    /// <param name="shown">The size of the displayed image.</param>
    public static RawBox Apply(RawBox box, int orientation, ImageSize shown)
    {
        RawBox rotated = box with
        {
            X1 = box.Y1,
            Y1 = box.X1,
            X2 = box.Y2,
            Y2 = box.X2,
            SideBlur = box.SideBlur is { } blur ? new SideValues(blur.Top, blur.Left, blur.Bottom, blur.Right) : null,
        };
        rotated = orientation is 6 or 7 ? MirrorX(rotated, shown.Width) : rotated;
        return orientation is 7 or 8 ? MirrorY(rotated, shown.Height) : rotated;
    }

    private static RawBox MirrorX(RawBox box, int width) => box with
    {
        X1 = width - box.X2,
        X2 = width - box.X1,
        SideBlur = box.SideBlur is { } blur ? blur with { Left = blur.Right, Right = blur.Left } : null,
    };

    private static RawBox MirrorY(RawBox box, int height) => box with
    {
        Y1 = height - box.Y2,
        Y2 = height - box.Y1,
        SideBlur = box.SideBlur is { } blur ? blur with { Top = blur.Bottom, Bottom = blur.Top } : null,
    };
}
