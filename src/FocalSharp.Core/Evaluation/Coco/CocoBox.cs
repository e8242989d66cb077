namespace FocalSharp.Evaluation.Coco;

/// <summary>A box in the layout of COCO files: left, top, width, height, in pixels and double precision.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    /// <summary>Gets the area, width times height.</summary>
    public double Area => Width * Height;

    /// <summary>Converts corners. The subtraction is in double precision, so that equal corners give equal boxes.</summary>
    public static CocoBox From(FocalSharp.Boxes.Box box) =>
        new(box.X1, box.Y1, (double)box.X2 - box.X1, (double)box.Y2 - box.Y1);

    /// <summary>
    /// Returns the intersection over union of a detection with a ground truth; for a crowd, the intersection over the detection's own area,
    /// because any part of a crowd is correct.
    /// </summary>
    /// <param name="truth">The annotated box.</param>
    /// <param name="isCrowd">Whether it is a crowd.</param>
    public double Overlap(in CocoBox truth, bool isCrowd)
    {
        double width = Math.Min(Width + X, truth.Width + truth.X) - Math.Max(X, truth.X);
        double height = Math.Min(Height + Y, truth.Height + truth.Y) - Math.Max(Y, truth.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        double intersection = width * height;
        return intersection / (isCrowd ? Area : Area + truth.Area - intersection);
    }
}
