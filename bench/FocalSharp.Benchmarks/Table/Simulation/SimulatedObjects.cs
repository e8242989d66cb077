namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>Simulated objects of an image, with sizes as in photos: most small, some large.</summary>
internal static class SimulatedObjects
{
    private const float MaxSizeFraction = 0.9f;

    /// <summary>Creates boxes <c>xyxy</c>, four numbers each, within the image.</summary>
    public static float[] Boxes(Random random, int count, int width, int height)
    {
        float[] boxes = new float[4 * count];
        for (int i = 0; i < count; i++)
        {
            // Never as wide as the image: a center in the middle of the image is equally near to two anchors, and the reference then takes either.
            float w = Math.Min(MaxSizeFraction * width, Size(random));
            float h = Math.Min(MaxSizeFraction * height, w * (0.5f + (1.5f * random.NextSingle())));
            float x = random.NextSingle() * (width - w);
            float y = random.NextSingle() * (height - h);
            (boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (x, y, x + w, y + h);
        }

        return boxes;
    }

    /// <summary>Creates uniformly distributed classes.</summary>
    public static int[] Labels(Random random, int count, int classes)
    {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.Next(classes);
        }

        return labels;
    }

    // From 8 to 512 pixels, log-uniform.
    private static float Size(Random random) => 8 * MathF.Pow(64, random.NextSingle());
}
