using FocalSharp.Assignment;
using FocalSharp.Boxes;
using FocalSharp.Torch.Modeling.Heads;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// The targets of a batch's positives, as arrays ordered by level, image and location: one entry per positive, four for sides and
/// boxes, in units of the level's stride.
/// </summary>
internal sealed class HeadTargets
{
    private HeadTargets(AnchorGrid grid, int count)
    {
        Grid = grid;
        (Images, Anchors, Labels) = (new long[count], new long[count], new long[count]);
        Overlaps = new float[count];
        (Centers, Boxes, Distances) = (new float[2 * count], new float[4 * count], new float[4 * count]);
        LevelStarts = new int[grid.Levels.Length + 1];
    }

    /// <summary>Gets the anchors of the whole batch tensor.</summary>
    public AnchorGrid Grid { get; }

    /// <summary>Gets the number of positives.</summary>
    public int Count => Images.Length;

    /// <summary>Gets the start of each level's positives, and the total last.</summary>
    public int[] LevelStarts { get; }

    public long[] Images { get; }

    /// <summary>Gets the index of each positive among all levels' anchors.</summary>
    public long[] Anchors { get; }

    public long[] Labels { get; }

    /// <summary>Gets the anchor centers in strides, x and y.</summary>
    public float[] Centers { get; }

    /// <summary>Gets the boxes of the objects in strides.</summary>
    public float[] Boxes { get; }

    /// <summary>Gets DFL's targets: distances to the sides in strides, clamped to the range of the distribution.</summary>
    public float[] Distances { get; }

    /// <summary>
    /// Gets the targets of the positives' class scores, which are their weights in the box losses too; null for the IoU of the
    /// decoded boxes and the highest class scores.
    /// </summary>
    public float[]? Qualities { get; private init; }

    /// <summary>Gets the assigner's overlap of each positive; with an assigner that uses predictions, the IoU of the predicted box.</summary>
    public float[] Overlaps { get; }

    /// <summary>Gets or sets whether <see cref="Overlaps"/> are the targets of the class scores, instead of the IoU of the decoded boxes.</summary>
    public bool OverlapsAreQualities { get; set; }

    /// <summary>Gets the number of positives that averages the classification loss, before it is limited to at least 1.</summary>
    public double ClassificationSum { get; private set; }

    /// <summary>Gets the same anchors for each image, with its padding marked as not valid.</summary>
    public required IReadOnlyList<AnchorGrid> ImageGrids { get; init; }

    /// <summary>Returns the level of a positive.</summary>
    public int LevelOf(int positive)
    {
        int level = 0;
        while (positive >= LevelStarts[level + 1])
        {
            level++;
        }

        return level;
    }

    /// <summary>Returns weights <c>[B, anchors]</c>: 0 for anchors in an image's padding; null if there are none.</summary>
    public float[]? AnchorWeights() => Weights(Grid, ImageGrids);

    /// <summary>Assigns the anchors of every image.</summary>
    /// <param name="head">Range of the distributions.</param>
    /// <param name="grid">The anchors of the batch tensor.</param>
    /// <param name="images">The objects of each image.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="assign">Assigns one image, given its index and its anchors.</param>
    /// <param name="averageOverBatch">
    /// Whether <see cref="ClassificationSum"/> is the positives of all images instead of the sum over images of
    /// max(positives, 1).
    /// </param>
    /// <exception cref="DatasetException">An object's class is out of range.</exception>
    public static HeadTargets Create(
        HeadOptions head,
        AnchorGrid grid,
        IReadOnlyList<GroundTruth> images,
        int classes,
        Func<int, AnchorGrid, AnchorAssignment> assign,
        bool averageOverBatch)
    {
        AnchorAssignment[] assignments = new AnchorAssignment[images.Count];
        AnchorGrid[] grids = new AnchorGrid[images.Count];
        int positives = 0;
        for (int i = 0; i < assignments.Length; i++)
        {
            grids[i] = grid.ForImage(images[i].Width, images[i].Height);
            CheckLabels(images[i], i, classes);
            assignments[i] = assign(i, grids[i]);
            positives += assignments[i].Count;
        }

        HeadTargets targets = new(grid, positives)
        {
            ImageGrids = grids,
            Qualities = Array.Exists(assignments, assignment => assignment.Qualities is not null) ? new float[positives] : null,
        };
        int[] next = new int[assignments.Length];
        int count = 0;
        for (int l = 0; l < grid.Levels.Length; l++)
        {
            targets.LevelStarts[l] = count;
            AnchorLevel level = grid.Levels[l];
            for (int i = 0; i < assignments.Length; i++)
            {
                AnchorAssignment assignment = assignments[i];
                for (; next[i] < assignment.Count && assignment.Anchors[next[i]] < level.Start + level.Count; next[i]++)
                {
                    targets.Set(count++, level, i, assignment, next[i], images[i].Boxes, head.RegMax);
                }
            }
        }

        targets.LevelStarts[^1] = count;
        targets.ClassificationSum = targets.Qualities is { } qualities ? qualities.Sum(quality => (double)quality)
            : averageOverBatch ? positives : assignments.Sum(assignment => Math.Max(assignment.Count, 1));
        return targets;
    }

    private static void CheckLabels(GroundTruth truth, int image, int classes)
    {
        foreach (int label in truth.Labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new DatasetException($"Image {image} of the batch has an object of class {label}, but the detector has {classes} classes, 0 to {classes - 1}.");
            }
        }
    }

    private static float[]? Weights(AnchorGrid grid, IReadOnlyList<AnchorGrid> images)
    {
        if (images.All(image => image.ValidCount == grid.Count))
        {
            return null;
        }

        float[] weights = new float[images.Count * grid.Count];
        for (int i = 0; i < images.Count; i++)
        {
            foreach (AnchorLevel level in images[i].Levels)
            {
                for (int row = 0; row < level.ValidHeight; row++)
                {
                    weights.AsSpan((i * grid.Count) + level.Start + (row * level.Width), level.ValidWidth).Fill(1);
                }
            }
        }

        return weights;
    }

    private void Set(int index, in AnchorLevel level, int image, AnchorAssignment assignment, int positive, float[] boxes, int regMax)
    {
        int anchor = assignment.Anchors[positive];
        int truth = assignment.GroundTruths[positive];
        float stride = level.Stride;
        (float x, float y) = Grid.Center(anchor);
        (x, y) = (x / stride, y / stride);
        Box box = new(boxes[4 * truth] / stride, boxes[(4 * truth) + 1] / stride, boxes[(4 * truth) + 2] / stride, boxes[(4 * truth) + 3] / stride);
        SideValues distance = BoxCoder.Encode(x, y, box, regMax);
        (Images[index], Anchors[index], Labels[index]) = (image, anchor, assignment.Labels[positive]);
        Overlaps[index] = assignment.Overlaps[positive];
        (Centers[2 * index], Centers[(2 * index) + 1]) = (x, y);
        (Boxes[4 * index], Boxes[(4 * index) + 1], Boxes[(4 * index) + 2], Boxes[(4 * index) + 3]) = (box.X1, box.Y1, box.X2, box.Y2);
        if (Qualities is not null)
        {
            Qualities[index] = assignment.Qualities is { } qualities ? qualities[positive] : assignment.Overlaps[positive];
        }

        for (int side = 0; side < 4; side++)
        {
            Distances[(4 * index) + side] = distance[side];
        }
    }
}
