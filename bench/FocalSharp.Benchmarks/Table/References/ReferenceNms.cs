namespace FocalSharp.Benchmarks.Table.References;

/// <summary>
/// Plain greedy non-maximum suppression: sort, then let each remaining box suppress the boxes after it. Areas are computed once and suppressed boxes are
/// skipped, as in the official native loop.
/// </summary>
internal static class ReferenceNms
{
    /// <summary>Returns the indices of the retained boxes, highest score first.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, offset by class if classes must not suppress each other.</param>
    /// <param name="scores">One score per box.</param>
    /// <param name="threshold">IoU above which a box is suppressed.</param>
    public static int[] Select(float[] boxes, float[] scores, float threshold)
    {
        int[] order = new int[scores.Length];
        float[] keys = new float[scores.Length];
        float[] areas = new float[scores.Length];
        for (int i = 0; i < order.Length; i++)
        {
            (order[i], keys[i]) = (i, -scores[i]);
            areas[i] = (boxes[(4 * i) + 2] - boxes[4 * i]) * (boxes[(4 * i) + 3] - boxes[(4 * i) + 1]);
        }

        Array.Sort(keys, order);
        bool[] suppressed = new bool[order.Length];
        List<int> retained = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (suppressed[i])
            {
                continue;
            }

            int a = order[i];
            retained.Add(a);
            (float x1, float y1, float x2, float y2, float area) = (boxes[4 * a], boxes[(4 * a) + 1], boxes[(4 * a) + 2], boxes[(4 * a) + 3], areas[a]);
            for (int j = i + 1; j < order.Length; j++)
            {
                if (suppressed[j])
                {
                    continue;
                }

                int b = order[j];
                float width = Math.Max(0, Math.Min(x2, boxes[(4 * b) + 2]) - Math.Max(x1, boxes[4 * b]));
                float height = Math.Max(0, Math.Min(y2, boxes[(4 * b) + 3]) - Math.Max(y1, boxes[(4 * b) + 1]));
                float overlap = width * height;
                suppressed[j] = overlap / (area + areas[b] - overlap) > threshold;
            }
        }

        return [.. retained];
    }
}
