using System.Runtime.InteropServices;
using FocalSharp.Detections;

namespace FocalSharp.Training.Distributed;

/// <summary>Collects the detections of all ranks; each rank processed every <see cref="ICollective.Size"/>th image.</summary>
internal static class DetectionMessage
{
    /// <summary>Returns the detections of all images on all ranks.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="own">The detections of this rank's images: those whose index leaves the remainder rank when divided by the number of ranks.</param>
    /// <param name="count">The number of images of all ranks.</param>
    public static Detection[][] Gather(ICollective ranks, IReadOnlyList<Detection[]> own, int count)
    {
        List<float> values = [];
        foreach (Detection[] detections in own)
        {
            values.Add(detections.Length);
            DetectionRows.Append(values, detections);
        }

        byte[][] all = ranks.GatherBytes(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)).ToArray());
        Detection[][] result = new Detection[count][];
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            ReadOnlySpan<float> rest = MemoryMarshal.Cast<byte, float>(all[rank]);
            for (int image = rank; image < count; image += ranks.Size)
            {
                int length = (int)rest[0] * DetectionRows.Columns;
                result[image] = DetectionRows.Read(rest[1..(1 + length)]);
                rest = rest[(1 + length)..];
            }
        }

        return result;
    }
}
