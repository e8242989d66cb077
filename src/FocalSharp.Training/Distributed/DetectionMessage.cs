using System.Runtime.InteropServices;
using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Training.Distributed;

/// <summary>Collects the detections of all ranks; each rank processed every <see cref="ICollective.Size"/>th image.</summary>
internal static class DetectionMessage
{
    private const int Columns = 14; // box, label, score, deviations, means

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
            foreach (Detection detection in detections)
            {
                (Box box, SideValues mean) = (detection.Box, detection.Mean);
                values.AddRange([box.X1, box.Y1, box.X2, box.Y2, detection.Label, detection.Score]);
                for (int side = 0; side < 4; side++)
                {
                    values.Add(detection.Deviation[side]);
                }

                for (int side = 0; side < 4; side++)
                {
                    values.Add(mean[side]);
                }
            }
        }

        byte[][] all = ranks.GatherBytes(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)).ToArray());
        Detection[][] result = new Detection[count][];
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            ReadOnlySpan<float> rest = MemoryMarshal.Cast<byte, float>(all[rank]);
            for (int image = rank; image < count; image += ranks.Size)
            {
                result[image] = new Detection[(int)rest[0]];
                rest = rest[1..];
                for (int i = 0; i < result[image].Length; i++, rest = rest[Columns..])
                {
                    result[image][i] = new Detection(
                        new Box(rest[0], rest[1], rest[2], rest[3]), (int)rest[4], rest[5], new SideValues(rest[6], rest[7], rest[8], rest[9]))
                    {
                        Mean = new SideValues(rest[10], rest[11], rest[12], rest[13]),
                    };
                }
            }
        }

        return result;
    }
}
