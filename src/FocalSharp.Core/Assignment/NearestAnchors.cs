namespace FocalSharp.Assignment;

/// <summary>
/// Finds the anchors of one level that are nearest to a point by searching a window around it. The result, ties included, equals
/// sorting all valid anchors of the level by (float32 distance, index).
/// </summary>
internal static class NearestAnchors
{
    /// <summary>Writes the indices of the nearest anchors, nearest first, and returns their number.</summary>
    /// <param name="grid">All anchors.</param>
    /// <param name="level">The level to search.</param>
    /// <param name="x">Horizontal coordinate of the point in pixels.</param>
    /// <param name="y">Vertical coordinate of the point in pixels.</param>
    /// <param name="skipped">Per anchor, whether it ranks behind all others, by index; empty for none.</param>
    /// <param name="indices">Receives the indices of at most as many anchors as it has elements.</param>
    /// <param name="distances">Work space of the same length as <paramref name="indices"/>.</param>
    public static int Find(
        AnchorGrid grid, in AnchorLevel level, float x, float y, ReadOnlySpan<bool> skipped, Span<int> indices, Span<float> distances)
    {
        int wanted = Math.Min(indices.Length, level.ValidCount);
        if (wanted == 0)
        {
            return 0;
        }

        (int stride, int width, int height) = (level.Stride, level.ValidWidth, level.ValidHeight);
        int column = NearestCell(x, stride, grid.CenterOffset, width);
        int row = NearestCell(y, stride, grid.CenterOffset, height);
        float minX = MinDistance(grid, x, column, stride, width);
        float minY = MinDistance(grid, y, row, stride, height);

        // A window of twice as many cells contains the nearest ones unless the point is at the border of the image.
        int radius = (int)Math.Ceiling((Math.Sqrt(2.0 * wanted) - 1) / 2);
        while (true)
        {
            int left = Math.Max(column - radius, 0);
            int right = Math.Min(column + radius, width - 1);
            int top = Math.Max(row - radius, 0);
            int bottom = Math.Min(row + radius, height - 1);
            bool everything = left == 0 && top == 0 && right == width - 1 && bottom == height - 1;
            int found = Scan(grid, level, x, y, left, top, right, bottom, skipped, indices[..wanted], distances[..wanted]);
            if (everything)
            {
                return found < wanted ? AppendSkipped(level, skipped, indices[..wanted], found) : found;
            }

            if (found == wanted && NearestOutside() > distances[wanted - 1])
            {
                return found;
            }

            radius = found == wanted ? radius + 1 : radius * 2;

            // Rounding is monotone, so that no anchor outside the window is nearer than this in float32 either.
            float NearestOutside()
            {
                float sideways = float.PositiveInfinity;
                sideways = left > 0 ? Math.Min(sideways, Math.Abs(grid.Coordinate(left - 1, stride) - x)) : sideways;
                sideways = right < width - 1 ? Math.Min(sideways, Math.Abs(grid.Coordinate(right + 1, stride) - x)) : sideways;
                float upright = float.PositiveInfinity;
                upright = top > 0 ? Math.Min(upright, Math.Abs(grid.Coordinate(top - 1, stride) - y)) : upright;
                upright = bottom < height - 1 ? Math.Min(upright, Math.Abs(grid.Coordinate(bottom + 1, stride) - y)) : upright;
                return Math.Min(Distance(sideways, minY), Distance(minX, upright));
            }
        }
    }

    /// <summary>Returns the Euclidean distance, with the float32 operations in the order of the official code.</summary>
    internal static float Distance(float dx, float dy) => MathF.Sqrt((dx * dx) + (dy * dy));

    private static int Scan(
        AnchorGrid grid, in AnchorLevel level, float x, float y, int left, int top, int right, int bottom, ReadOnlySpan<bool> skipped,
        Span<int> indices, Span<float> distances)
    {
        int found = 0;
        for (int row = top; row <= bottom; row++)
        {
            float dy = grid.Coordinate(row, level.Stride) - y;
            for (int column = left; column <= right; column++)
            {
                int index = level.Start + (row * level.Width) + column;
                float distance = Distance(grid.Coordinate(column, level.Stride) - x, dy);

                // Cells come in order of index, so that a strict comparison leaves the lowest index of a tie in place.
                if ((found == indices.Length && !(distance < distances[found - 1])) || (!skipped.IsEmpty && skipped[index]))
                {
                    continue;
                }

                int place = found < indices.Length ? found++ : found - 1;
                for (; place > 0 && distance < distances[place - 1]; place--)
                {
                    distances[place] = distances[place - 1];
                    indices[place] = indices[place - 1];
                }

                distances[place] = distance;
                indices[place] = index;
            }
        }

        return found;
    }

    private static int AppendSkipped(in AnchorLevel level, ReadOnlySpan<bool> skipped, Span<int> indices, int found)
    {
        for (int row = 0; row < level.ValidHeight; row++)
        {
            for (int column = 0; column < level.ValidWidth && found < indices.Length; column++)
            {
                int index = level.Start + (row * level.Width) + column;
                if (!skipped.IsEmpty && skipped[index])
                {
                    indices[found++] = index;
                }
            }
        }

        return found;
    }

    private static int NearestCell(float coordinate, int stride, float offset, int cells) =>
        (int)Math.Clamp(Math.Round((coordinate / (double)stride) - offset), 0, cells - 1);

    private static float MinDistance(AnchorGrid grid, float coordinate, int cell, int stride, int cells)
    {
        float min = Math.Abs(grid.Coordinate(cell, stride) - coordinate);
        min = cell > 0 ? Math.Min(min, Math.Abs(grid.Coordinate(cell - 1, stride) - coordinate)) : min;
        return cell < cells - 1 ? Math.Min(min, Math.Abs(grid.Coordinate(cell + 1, stride) - coordinate)) : min;
    }
}
