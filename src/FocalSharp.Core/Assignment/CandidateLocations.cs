using FocalSharp.Boxes;

namespace FocalSharp.Assignment;

/// <summary>Finds the locations within objects, for assigners that do not limit their number.</summary>
internal static class CandidateLocations
{
    /// <summary>Returns a box of a list.</summary>
    public static Box Box(ReadOnlySpan<float> boxes, int index) =>
        new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);

    /// <summary>Returns the locations strictly within any object, ascending.</summary>
    public static int[] FindInside(AnchorGrid grid, ReadOnlySpan<float> boxes)
    {
        bool[] inside = new bool[grid.Count];
        foreach (AnchorLevel level in grid.Levels)
        {
            for (int k = 0; k < boxes.Length; k += 4)
            {
                Mark(grid, level, new Box(boxes[k], boxes[k + 1], boxes[k + 2], boxes[k + 3]), inside);
            }
        }

        return ToIndices(inside);
    }

    /// <summary>Marks the locations of a level strictly within a box.</summary>
    public static void Mark(AnchorGrid grid, in AnchorLevel level, Box box, bool[] inside)
    {
        (int left, int right) = GetCellRange(grid, level.Stride, level.ValidWidth, box.X1, box.X2);
        (int top, int bottom) = GetCellRange(grid, level.Stride, level.ValidHeight, box.Y1, box.Y2);
        for (int row = top; row < bottom; row++)
        {
            inside.AsSpan(level.Start + (row * level.Width) + left, Math.Max(right - left, 0)).Fill(true);
        }
    }

    /// <summary>Returns the indices of the marked locations, ascending.</summary>
    public static int[] ToIndices(bool[] marks)
    {
        List<int> found = [];
        for (int i = 0; i < marks.Length; i++)
        {
            if (marks[i])
            {
                found.Add(i);
            }
        }

        return [.. found];
    }

    /// <summary>Returns the range of cells whose centers lie strictly between two coordinates; the end is exclusive.</summary>
    private static (int From, int To) GetCellRange(AnchorGrid grid, int stride, int count, float low, float high)
    {
        int from = 0;
        while (from < count && !(grid.Coordinate(from, stride) - low > 0))
        {
            from++;
        }

        int to = from;
        while (to < count && high - grid.Coordinate(to, stride) > 0)
        {
            to++;
        }

        return (from, to);
    }
}
