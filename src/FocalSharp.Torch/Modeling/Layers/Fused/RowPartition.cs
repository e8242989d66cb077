using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>Rows of a map cut into segments that share their statistics (all images, or each), and these into parts for threads.</summary>
/// <param name="Segments">Segments.</param>
/// <param name="Rows">Rows of each: pixels.</param>
/// <param name="Channels">Numbers of a row.</param>
internal readonly record struct RowPartition(int Segments, int Rows, int Channels)
{
    private const int ChunkSize = 1 << 16;

    /// <summary>Parts of a segment: by its size alone, so that sums are the same whatever the number of threads.</summary>
    public int PartsPerSegment { get; } = (int)Math.Clamp((long)Rows * Channels / ChunkSize, 1, Math.Min(Rows, 64));

    /// <summary>All parts.</summary>
    public int Count => Segments * PartsPerSegment;

    /// <summary>Runs a piece of work for each part, told the part, its segment, its first row of all and the row behind its last.</summary>
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
