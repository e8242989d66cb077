namespace FocalSharp.Imaging.Drawing;

/// <summary>Draws marked boxes onto a copy of an image: for what went wrong, where colour means right or wrong rather than a class.</summary>
public static class AnnotationRenderer
{
    /// <summary>Draws boxes in their order, then their tags, so that no box hides a tag.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="marks">The boxes; those that are not finite are left out.</param>
    /// <param name="options">How to draw; null takes the defaults.</param>
    public static RgbImage Draw(RgbImage image, IEnumerable<BoxAnnotation> marks, DrawingOptions? options = null)
    {
        options ??= DrawingOptions.Default;
        BoxAnnotation[] shown = [.. marks.Where(mark => mark.Box.IsFinite)];
        (SkiaImage picture, float scale) = DetectionRenderer.CreateCanvas(image, options);
        using (picture)
        {
            BoxPainter painter = new(
                picture.Canvas, DetectionRenderer.ScaleSide(image.Width, scale), DetectionRenderer.ScaleSide(image.Height, scale), options);
            foreach (BoxAnnotation mark in shown)
            {
                painter.DrawBox(mark.Box.Scale(scale, scale), SkiaImage.ToSkiaColor(mark.Color), mark.Dashed);
            }

            foreach (BoxAnnotation mark in options.ShowLabels ? shown.Where(mark => mark.Label is not null) : [])
            {
                painter.DrawLabel(mark.Box.Scale(scale, scale), mark.Label!, score: null, mark.Color, hollow: mark.Dashed);
            }

            return picture.ToImage();
        }
    }
}
