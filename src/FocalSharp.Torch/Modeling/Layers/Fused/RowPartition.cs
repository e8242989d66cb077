using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// Partitions the rows of a map into segments with common statistics (all images, or each image), and these into parts for
/// threads.
/// </summary>
/// <param name="Segments">Number of segments.</param>
/// <param name="Rows">Rows per segment: pixels.</param>
/// <param name="Channels">Values per row.</param>
internal readonly record struct RowPartition(int Segments, int Rows, int Channels)
{
    private const int ChunkSize = 1 << 16;

    /// <summary>
    /// Gets the number of parts per segment, which depends on its size only, so that sums do not depend on the number of threads.
    /// </summary>
    public int PartsPerSegment { get; } = (int)Math.Clamp((long)Rows * Channels / ChunkSize, 1, Math.Min(Rows, 64));

    /// <summary>Gets the number of parts.</summary>
    public int Count => Segments * PartsPerSegment;

    /// <summary>Runs an action for each part, with the part, its segment, its first row and the row after its last.</summary>
    public void Run(Action<int, int, int, int> work)
    {
        (int rows, int parts) = (Rows, PartsPerSegment);
        OpenMpParallel.Run(Count, part =>
        {
            (int segment, int i) = Math.DivRem(part, parts);
            int first = (segment * rows) + (int)((long)rows * i / parts);
            int end = (segment * rows) + (int)((long)rows * (i + 1) / parts);
            work(part, segment, first, end);
        });
    }
}
