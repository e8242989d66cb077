using FocalSharp.Torch.Modeling.Heads;

namespace FocalSharp.Torch.Detectors.Distillation;

/// <summary>What a teacher's outputs mean.</summary>
/// <param name="Classes">Class names in label order.</param>
/// <param name="Strides">Pixels between the locations of each level.</param>
/// <param name="RegMax">Highest bin of the sides' distributions, in strides.</param>
/// <param name="CenterOffset">Position of a center in its cell, in strides.</param>
internal sealed record TeacherHead(IReadOnlyList<string> Classes, IReadOnlyList<int> Strides, int RegMax, double CenterOffset)
{
    /// <summary>Creates the description of a detector's head.</summary>
    public static TeacherHead From(DetectorOptions options) => new(options.Classes, options.Head.Strides, options.Head.RegMax, options.Head.CenterOffset);

    /// <summary>
    /// Returns the matrix <c>[bins + 1, student bins + 1]</c> that re-bins the distribution of a side: a bin at a distance in the teacher's strides
    /// becomes the same distance from the student's center, split between the two bins around it, so that the expectation does not change.
    /// Distances beyond the student's range become the nearest in it, as its targets do. Null if both have the same bins.
    /// </summary>
    /// <param name="student">The student's head.</param>
    /// <param name="side">0 left, 1 top, 2 right, 3 bottom.</param>
    public float[,]? GetRebinning(HeadOptions student, int side)
    {
        double shift = (side < 2 ? 1 : -1) * (student.CenterOffset - CenterOffset);
        if (shift == 0 && student.RegMax == RegMax)
        {
            return null;
        }

        float[,] matrix = new float[RegMax + 1, student.RegMax + 1];
        for (int bin = 0; bin <= RegMax; bin++)
        {
            double position = Math.Clamp(bin + shift, 0, student.RegMax);
            int lower = (int)position;
            float share = (float)(position - lower);
            matrix[bin, lower] += 1 - share;
            if (share > 0)
            {
                matrix[bin, lower + 1] += share;
            }
        }

        return matrix;
    }
}
