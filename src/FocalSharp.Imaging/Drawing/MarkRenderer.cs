namespace FocalSharp.Imaging.Drawing;

/// <summary>Draws marked boxes onto a copy of an image: for what went wrong, where colour means right or wrong rather than a class.</summary>
public static class MarkRenderer
{
    /// <summary>Draws boxes in their order, then their tags, so that no box hides a tag.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="marks">The boxes; those that are not finite are left out.</param>
    /// <param name="options">How to draw; null takes the defaults.</param>
    public static RgbImage Draw(RgbImage image, IEnumerable<BoxMark> marks, DrawingOptions? options = null)
    {
        options ??= DrawingOptions.Default;
        BoxMark[] shown = [.. marks.Where(mark => mark.Box.IsFinite)];
        (SkiaPicture picture, float scale) = DetectionRenderer.Open(image, options);
        using (picture)
        {
            BoxPainter painter = new(
                picture.Canvas, DetectionRenderer.Scaled(image.Width, scale), DetectionRenderer.Scaled(image.Height, scale), options);
            foreach (BoxMark mark in shown)
            {
                painter.Edges(mark.Box.Scale(scale, scale), SkiaPicture.Color(mark.Color), mark.Dashed);
            }

            foreach (BoxMark mark in options.ShowTags ? shown.Where(mark => mark.Tag is not null) : [])
            {
                painter.Tag(mark.Box.Scale(scale, scale), mark.Tag!, score: null, mark.Color, hollow: mark.Dashed);
            }

            return picture.ToImage();
        }
    }
}
