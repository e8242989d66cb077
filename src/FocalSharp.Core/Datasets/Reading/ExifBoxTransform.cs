using FocalSharp.Boxes;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Settles what annotations of a turned photo refer to. Tools and training pipelines show and decode photos turned (browsers, OpenCV's
/// <c>imread</c>), so boxes are taken as drawn on the picture as shown; but where a file states the size of the stored pixels instead, and
/// all its boxes lie within them, they were drawn on those, and are turned along with the picture.
/// </summary>
internal static class ExifBoxTransform
{
    private const double Tolerance = 1;

    /// <summary>True where the annotated size and boxes are those of the stored pixels of a photo that is shown on its side.</summary>
    public static bool UsesStoredPixels(RawImage image, ImageHeaderInfo file) =>
        ExifOrientation.Transposes(file.Orientation)
        && image.Size == file.StoredSize
        && file.StoredSize != file.DisplaySize
        && !image.Normalized
        && image.Boxes.TrueForAll(box => box.X2 <= file.StoredSize.Width + Tolerance && box.Y2 <= file.StoredSize.Height + Tolerance);

    /// <summary>A box on the stored pixels, on the picture as shown.</summary>
    /// <param name="box">The box.</param>
    /// <param name="orientation">EXIF's, one of the four that lay the picture on its side.</param>
    /// <param name="shown">The picture's size as shown.</param>
    public static RawBox Apply(RawBox box, int orientation, ImageSize shown)
    {
        RawBox turned = box with
        {
            X1 = box.Y1,
            Y1 = box.X1,
            X2 = box.Y2,
            Y2 = box.X2,
            SideBlur = box.SideBlur is { } blur ? new SideValues(blur.Top, blur.Left, blur.Bottom, blur.Right) : null,
        };
        turned = orientation is 6 or 7 ? MirrorX(turned, shown.Width) : turned;
        return orientation is 7 or 8 ? MirrorY(turned, shown.Height) : turned;
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
