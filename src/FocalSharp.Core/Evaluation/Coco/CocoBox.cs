namespace FocalSharp.Evaluation.Coco;

/// <summary>A box as COCO files give it: left edge, top edge, width, height, in pixels and double precision.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    /// <summary>Width times height.</summary>
    public double Area => Width * Height;

    /// <summary>Converts corners; the subtraction is in double precision, so that equal corners give equal boxes.</summary>
    public static CocoBox From(FocalSharp.Boxes.Box box) =>
        new(box.X1, box.Y1, (double)box.X2 - box.X1, (double)box.Y2 - box.Y1);

    /// <summary>
    /// Intersection over union of a detection with a ground truth; over the detection's own area where the truth is a crowd,
    /// since any part of a crowd is right.
    /// </summary>
    /// <param name="truth">The annotated box.</param>
    /// <param name="isCrowd">Whether it marks a crowd.</param>
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
