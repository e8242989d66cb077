namespace FocalSharp.Imaging.Resizing;

/// <summary>The two source samples of each target position on one axis, in OpenCV's 11-bit fixed point.</summary>
internal static class BilinearTaps
{
    public const int One = 2048;

    private const int WarpSteps = 32;

    /// <summary>
    /// Fills index and weights of each target position. Positions have half-pixel centers; the source position is rounded to
    /// float32, and each weight is rounded to the nearest 1/2048, ties to even, as OpenCV does.
    /// </summary>
    /// <param name="source">Length of the source axis.</param>
    /// <param name="index">Index of the first sample of each target position; the second is the next.</param>
    /// <param name="first">Weight of the first sample.</param>
    /// <param name="second">Weight of the second sample.</param>
    /// <param name="clamp">
    /// Whether positions outside the first and last center use the border sample only (the horizontal axis); else the index
    /// runs from -1 to the last and the caller clamps both samples (the vertical axis, whose two truncations affect the result).
    /// </param>
    public static void Fill(int source, Span<int> index, Span<int> first, Span<int> second, bool clamp)
    {
        double scale = 1.0 / ((double)index.Length / source);
        for (int i = 0; i < index.Length; i++)
        {
            float position = (float)(((i + 0.5) * scale) - 0.5);
            int left = (int)MathF.Floor(position);
            float fraction = position - left;
            if (clamp && left < 0)
            {
                (left, fraction) = (0, 0);
            }

            if (clamp && left >= source - 1)
            {
                (left, fraction) = (source - 1, 0);
            }

            index[i] = left;
            first[i] = (int)MathF.Round((1 - fraction) * One);
            second[i] = (int)MathF.Round(fraction * One);
        }
    }

    /// <summary>
    /// Fills index and weights for an affine warp without half-pixel centers: position i reads i · source / length, rounded to 1/32. A sample
    /// beyond the last has weight 0 and is not replaced: the border is black.
    /// </summary>
    /// <remarks>
    /// Positions halfway between two steps are frequent, and rounding errors decide them. They are those of OpenCV's <c>warpPerspective</c>, which
    /// inverts the matrix diag(this scale, other scale, 1) by cofactors and adds the positions within blocks of 64 columns.
    /// </remarks>
    /// <param name="source">Length of the source axis.</param>
    /// <param name="otherScale">Target length divided by source length on the other axis.</param>
    /// <param name="block">Target positions per block; 1 for the vertical axis.</param>
    /// <param name="unit">The weight of a whole sample divided by 32.</param>
    /// <param name="index">Index of the first sample of each target position; the second is the next.</param>
    /// <param name="first">Weight of the first sample.</param>
    /// <param name="second">Weight of the second sample.</param>
    public static void FillWarp(int source, double otherScale, int block, int unit, Span<int> index, Span<int> first, Span<int> second)
    {
        double scale = (double)index.Length / source;
        double inverseDeterminant = 1 / (scale * otherScale);
        double step = otherScale * inverseDeterminant;
        double steps = WarpSteps / (scale * otherScale * inverseDeterminant);
        for (int i = 0; i < index.Length; i++)
        {
            int start = i / block * block;
            int position = (int)Math.Round(((step * start) + (step * (i - start))) * steps);
            int left = Math.Min(position / WarpSteps, source - 1);
            int fraction = position - (left * WarpSteps);
            index[i] = left;
            first[i] = (WarpSteps - fraction) * unit;
            second[i] = left == source - 1 ? 0 : fraction * unit;
        }
    }
}
