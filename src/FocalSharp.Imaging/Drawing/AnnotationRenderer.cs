namespace FocalSharp.Imaging.Drawing;

/// <summary>Draws boxes of any color onto a copy of an image, for example errors, where the color marks the kind of error.</summary>
internal static class AnnotationRenderer
{
    /// <summary>Draws the boxes in order, then their labels, so that no box hides a label.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="annotations">The boxes; boxes that are not finite are left out.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    public static RgbImage Draw(RgbImage image, IEnumerable<BoxAnnotation> annotations, DrawingOptions? options = null)
    {
        options ??= DrawingOptions.Default;
        BoxAnnotation[] shown = [.. annotations.Where(annotation => annotation.Box.IsFinite)];
        (SkiaImage picture, float scale) = DetectionRenderer.CreateCanvas(image, options);
        using (picture)
        {
            BoxPainter painter = new(
                picture.Canvas, DetectionRenderer.ScaleSide(image.Width, scale), DetectionRenderer.ScaleSide(image.Height, scale), options);
            foreach (BoxAnnotation annotation in shown)
            {
                painter.DrawBox(annotation.Box.Scale(scale, scale), SkiaImage.ToSkiaColor(annotation.Color), annotation.Dashed);
            }

            foreach (BoxAnnotation annotation in options.ShowLabels ? shown.Where(annotation => annotation.Label is not null) : [])
            {
                painter.DrawLabel(annotation.Box.Scale(scale, scale), annotation.Label!, score: null, annotation.Color, hollow: annotation.Dashed);
            }

            return picture.ToImage();
        }
    }
}
