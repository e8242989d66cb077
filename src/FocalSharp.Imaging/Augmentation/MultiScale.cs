namespace FocalSharp.Imaging.Augmentation;

/// <summary>Random input sizes.</summary>
public static class MultiScale
{
    /// <summary>Draws a side between two bounds that is a multiple of a step; for a batch, whose images share one size.</summary>
    /// <param name="low">Smallest side.</param>
    /// <param name="high">Largest side.</param>
    /// <param name="step">What the side is a multiple of; 32 suits the detector's strides.</param>
    /// <param name="random">The batch's random numbers.</param>
    public static int SampleSide(int low, int high, int step, ref AugmentationRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        int first = Math.Max(1, (low + step - 1) / step);
        int last = high / step;
        if (last < first)
        {
            throw new FocalSharpException($"No multiple of {step} lies between the sizes {low} and {high}; widen the range.");
        }

        return (first + random.NextInt(last - first + 1)) * step;
    }

    /// <summary>
    /// Draws the keep-ratio scale of the official multi-scale recipes: long and short side each uniform over whole numbers, both
    /// ends included; (1333, 480) to (1333, 800) for the 2x schedule.
    /// </summary>
    public static (int Long, int Short) SampleScale((int Long, int Short) low, (int Long, int Short) high, ref AugmentationRandom random)
    {
        int longSide = low.Long + random.NextInt(high.Long - low.Long + 1);
        return (longSide, low.Short + random.NextInt(high.Short - low.Short + 1));
    }
}
