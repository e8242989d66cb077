namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>Objects of an image, of sizes as photographs have them: most small, some large.</summary>
internal static class SimulatedObjects
{
    private const float MaxSizeFraction = 0.9f;

    /// <summary>Boxes <c>xyxy</c>, four numbers each, within the image.</summary>
    public static float[] Boxes(Random random, int count, int width, int height)
    {
        float[] boxes = new float[4 * count];
        for (int i = 0; i < count; i++)
        {
            // Never as wide as the image: a centre in its very middle is as near to one anchor as to the next, and the reference then takes any.
            float w = Math.Min(MaxSizeFraction * width, Size(random));
            float h = Math.Min(MaxSizeFraction * height, w * (0.5f + (1.5f * random.NextSingle())));
            float x = random.NextSingle() * (width - w);
            float y = random.NextSingle() * (height - h);
            (boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (x, y, x + w, y + h);
        }

        return boxes;
    }

    /// <summary>Classes, drawn evenly.</summary>
    public static int[] Labels(Random random, int count, int classes)
    {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.Next(classes);
        }

        return labels;
    }

    // From 8 to 512 pixels, evenly over the octaves.
    private static float Size(Random random) => 8 * MathF.Pow(64, random.NextSingle());
}
