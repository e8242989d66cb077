namespace FocalSharp.Assignment;

/// <summary>The positive anchors of an image and their objects, as parallel arrays in ascending order of anchor index.</summary>
public sealed class AnchorAssignment
{
    /// <summary>Creates an assignment; anchors in neither <paramref name="anchors"/> nor <paramref name="ignored"/> are negatives.</summary>
    /// <param name="anchors">Indices of the positive anchors, strictly ascending.</param>
    /// <param name="groundTruths">Index of each positive anchor's object.</param>
    /// <param name="labels">0-based class of each positive anchor's object.</param>
    /// <param name="overlaps">IoU of each positive anchor with its object.</param>
    /// <param name="ignored">Indices of the ignored anchors, ascending; null for none.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or the anchors are negative or not strictly ascending.</exception>
    public AnchorAssignment(int[] anchors, int[] groundTruths, int[] labels, float[] overlaps, int[]? ignored = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(groundTruths);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(overlaps);
        if (groundTruths.Length != anchors.Length || labels.Length != anchors.Length || overlaps.Length != anchors.Length)
        {
            throw new ArgumentException(
                $"{anchors.Length} anchors need as many objects, labels and overlaps; "
                + $"{groundTruths.Length}, {labels.Length} and {overlaps.Length} were given.",
                nameof(anchors));
        }

        if (anchors is [< 0, ..])
        {
            throw new ArgumentException($"Anchor {anchors[0]} is negative; anchors are indices from 0.", nameof(anchors));
        }

        for (int i = 1; i < anchors.Length; i++)
        {
            if (anchors[i] <= anchors[i - 1])
            {
                throw new ArgumentException(
                    $"Anchor {anchors[i]} at position {i} follows anchor {anchors[i - 1]}; sort the anchors and list each one once.", nameof(anchors));
            }
        }

        Anchors = anchors;
        GroundTruths = groundTruths;
        Labels = labels;
        Overlaps = overlaps;
        Ignored = ignored ?? [];
    }

    /// <summary>Gets an assignment without positive or ignored anchors.</summary>
    public static AnchorAssignment Empty { get; } = new([], [], [], []);

    /// <summary>Gets the number of positive anchors.</summary>
    public int Count => Anchors.Length;

    /// <summary>Gets the indices of the positive anchors in the grid, ascending.</summary>
    public int[] Anchors { get; }

    /// <summary>Gets the index of each positive anchor's object.</summary>
    public int[] GroundTruths { get; }

    /// <summary>Gets the 0-based class of each positive anchor's object.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the IoU of each positive anchor with its object.</summary>
    public float[] Overlaps { get; }

    /// <summary>Gets the target of each positive anchor's class score, 0 to 1; null for the IoU of its predicted box.</summary>
    internal float[]? Qualities { get; init; }

    /// <summary>Gets the indices of the anchors that are neither positive nor negative because an ignored box covers them, ascending.</summary>
    public int[] Ignored { get; }

    /// <summary>
    /// Returns the dense form used by the official code: per anchor, 0 for a negative, k + 1 for a positive of object k, −1 for an ignored
    /// anchor.
    /// </summary>
    /// <param name="anchorCount">Number of anchors of the grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">An assigned anchor is beyond the grid.</exception>
    public int[] ToDense(int anchorCount)
    {
        int needed = Math.Max(Anchors.Length == 0 ? 0 : Anchors[^1] + 1, Ignored.Length == 0 ? 0 : Ignored[^1] + 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(anchorCount, needed);
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
