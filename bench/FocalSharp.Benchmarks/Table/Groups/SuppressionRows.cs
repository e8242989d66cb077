using FocalSharp.Benchmarks.Table.References;
using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Boxes;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>NMS compared with a plain managed loop.</summary>
internal sealed class SuppressionRows : IRowGroup
{
    private const float Threshold = 0.6f;

    /// <inheritdoc/>
    public string Name => "nms";

    /// <inheritdoc/>
    public string Title => "NMS";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        const int Count = 5000;
        yield return Row($"{Count} boxes of one class, as from a detector", Clustered(Count), null, 3);
        yield return Row($"{Count} boxes of 80 classes, as from a detector", Clustered(Count), 80, 3);
        yield return Row($"{Count} boxes of one class that all overlap", Overlapping(Count), null, 3);
        yield return Row($"{Count} boxes of one class without overlap", NonOverlapping(Count), null, 3);
    }

    /// <summary>Creates boxes in a grid without overlap: each is compared with all previous ones.</summary>
    public static float[] NonOverlapping(int count)
    {
        int side = (int)Math.Ceiling(Math.Sqrt(count));
        float[] boxes = new float[4 * count];
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = (16 * (i % side), 16 * (i / side));
            (boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (x, y, x + 12, y + 12);
        }

        return boxes;
    }

    /// <summary>Creates about ten boxes per object.</summary>
    private static float[] Clustered(int count)
    {
        Random random = new(1);
        float[] objects = SimulatedObjects.Boxes(random, Math.Max(count / 10, 1), 1344, 800);
        float[] boxes = new float[4 * count];
        for (int i = 0; i < count; i++)
        {
            int index = random.Next(objects.Length / 4);
            float size = objects[(4 * index) + 2] - objects[4 * index];
            for (int k = 0; k < 4; k++)
            {
                boxes[(4 * i) + k] = Math.Max(objects[(4 * index) + k] + (0.2f * size * (random.NextSingle() - 0.5f)), 0);
            }
        }

        return boxes;
    }

    private static float[] Overlapping(int count)
    {
        Random random = new(1);
        float[] boxes = new float[4 * count];
        for (int i = 0; i < count; i++)
        {
            (boxes[4 * i], boxes[(4 * i) + 1]) = (random.NextSingle(), random.NextSingle());
            (boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (100 + random.NextSingle(), 100 + random.NextSingle());
        }

        return boxes;
    }

    private static BenchmarkRow Row(string name, float[] boxes, int? classes, double minSpeedup)
    {
        Random random = new(2);
        float[] scores = [.. Enumerable.Range(0, boxes.Length / 4).Select(_ => random.NextSingle())];
        int[] labels = classes is int count ? SimulatedObjects.Labels(random, scores.Length, count) : [];
        float[] moved = Jittered(boxes, labels);
        int[] ours = Nms.Select(boxes, scores, labels, Threshold);
        if (!ours.SequenceEqual(ReferenceNms.Select(moved, scores, Threshold)))
        {
            throw new InvalidOperationException($"{name}: FocalSharp retains other boxes than the plain loop.");
        }

        return BenchmarkComparison.Row(
            $"{name}; {ours.Length} retained",
            () => Nms.Select(boxes, scores, labels, Threshold),
            () => ReferenceNms.Select(Jittered(boxes, labels), scores, Threshold),
            minSpeedup,
            0);
    }

    private static float[] Jittered(float[] boxes, int[] labels)
    {
        if (labels.Length == 0)
        {
            return boxes;
        }

        float unit = boxes.Max() + 1;
        float[] moved = new float[boxes.Length];
        for (int i = 0; i < boxes.Length; i++)
        {
            moved[i] = boxes[i] + (labels[i / 4] * unit);
        }

        return moved;
    }
}
