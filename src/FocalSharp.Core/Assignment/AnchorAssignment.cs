namespace FocalSharp.Assignment;

/// <summary>Which anchors are positive, and for which object: parallel arrays in ascending order of anchor.</summary>
public sealed class AnchorAssignment
{
    internal AnchorAssignment(int[] anchors, int[] groundTruths, int[] labels, float[] overlaps, int[] ignored)
    {
        Anchors = anchors;
        GroundTruths = groundTruths;
        Labels = labels;
        Overlaps = overlaps;
        Ignored = ignored;
    }

    /// <summary>Number of positive anchors.</summary>
    public int Count => Anchors.Length;

    /// <summary>Indices of the positive anchors in the grid, ascending.</summary>
    public int[] Anchors { get; }

    /// <summary>Index of the object of each positive anchor.</summary>
    public int[] GroundTruths { get; }

    /// <summary>Class of each positive anchor's object.</summary>
    public int[] Labels { get; }

    /// <summary>IoU of each positive anchor with its object.</summary>
    public float[] Overlaps { get; }

    /// <summary>Indices of anchors that are neither positive nor negative because an ignored box covers them, ascending.</summary>
    public int[] Ignored { get; }

    /// <summary>
    /// The official dense form over all anchors: 0 for negatives, k + 1 for positives of object k, −1 for ignored anchors.
    /// </summary>
    public int[] ToDense(int anchorCount)
    {
        int[] dense = new int[anchorCount];
        foreach (int anchor in Ignored)
        {
            dense[anchor] = -1;
        }

        for (int i = 0; i < Count; i++)
        {
            dense[Anchors[i]] = GroundTruths[i] + 1;
        }

        return dense;
    }
}
