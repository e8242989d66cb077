using FocalSharp.Assignment;
using FocalSharp.Boxes;

namespace FocalSharp.Core.Tests.Assignment;

/// <summary>ATSS as the paper's algorithm 1 reads, over all anchors, without optimizations: the reference for the fast one.</summary>
internal static class BruteForceAtss
{
    public static int[] Assign(AnchorGrid grid, float[] boxes, int topK, float[] ignoredBoxes, double ignoreThreshold)
    {
        int truths = boxes.Length / 4;
        int[] dense = new int[grid.Count];
        if (truths == 0)
        {
            return dense;
        }

        bool[] ignored = new bool[grid.Count];
        for (int a = 0; a < grid.Count && ignoreThreshold > 0; a++)
        {
            ignored[a] = IsValid(grid, a)
                && Enumerable.Range(0, ignoredBoxes.Length / 4).Any(i => BoxIou.Iof(grid.Anchor(a), Read(ignoredBoxes, i)) > (float)ignoreThreshold);
            dense[a] = ignored[a] ? -1 : 0;
        }

        float[] best = new float[grid.Count];
        Array.Fill(best, -1);
        for (int g = 0; g < truths; g++)
        {
            Box box = Read(boxes, g);
            (float cx, float cy) = ((box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2);
            List<int> candidates = [];
            foreach (AnchorLevel level in grid.Levels.ToArray())
            {
                candidates.AddRange(Enumerable.Range(level.Start, level.Count)
                    .Where(a => IsValid(grid, a))
                    .OrderBy(a => ignored[a] ? 1e8f : Distance(grid.Center(a), cx, cy))
                    .ThenBy(a => a)
                    .Take(topK));
            }

            float[] overlaps = [.. candidates.Select(a => BoxIou.Iou(grid.Anchor(a), box))];
            double mean = overlaps.Select(value => (double)value).Sum() / overlaps.Length;
            double variance = overlaps.Sum(value => (value - mean) * (value - mean)) / (overlaps.Length - 1);
            float threshold = (float)mean + (float)Math.Sqrt(variance);
            for (int i = 0; i < overlaps.Length; i++)
            {
                (float x, float y) = grid.Center(candidates[i]);
                float inside = new[] { x - box.X1, y - box.Y1, box.X2 - x, box.Y2 - y }.Min();
                if (overlaps[i] >= threshold && inside > 0.01f && overlaps[i] > best[candidates[i]])
                {
                    best[candidates[i]] = overlaps[i];
                    dense[candidates[i]] = g + 1;
                }
            }
        }

        return dense;
    }

    private static float Distance((float X, float Y) center, float x, float y)
    {
        float dx = center.X - x;
        float dy = center.Y - y;
        return MathF.Sqrt((dx * dx) + (dy * dy));
    }

    private static bool IsValid(AnchorGrid grid, int anchor)
    {
        AnchorLevel level = grid.Levels[grid.LevelOf(anchor)];
        (int y, int x) = Math.DivRem(anchor - level.Start, level.Width);
        return x < level.ValidWidth && y < level.ValidHeight;
    }

    private static Box Read(float[] boxes, int index) =>
        new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);
}
