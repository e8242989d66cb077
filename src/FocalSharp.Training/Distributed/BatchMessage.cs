using FocalSharp.Assignment;
using FocalSharp.Detections;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Distributed;

/// <summary>Sends a training batch from one rank to all, so that rank 0 can save and every rank diagnose it.</summary>
internal static class BatchMessage
{
    /// <summary>Returns the batch of one rank on all ranks.</summary>
    public static TrainingBatch Share(ICollective ranks, TrainingBatch own, int rank) =>
        ranks.Size == 1 ? own : Read(ranks.BroadcastBytes(ranks.Rank == rank ? Write(own) : [], rank));

    private static byte[] Write(TrainingBatch batch)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(batch.Width);
        writer.Write(batch.Height);
        writer.Write(batch.Pixels.Length);
        writer.Write(batch.Pixels);
        writer.Write(batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            writer.Write(batch.Frames[i].Width);
            writer.Write(batch.Frames[i].Height);
            writer.Write(batch.Images[i]);
            GroundTruth truth = batch.Targets[i];
            writer.Write(truth.Width);
            writer.Write(truth.Height);
            WriteAll(batch.Sources[i], writer.Write);
            WriteAll(truth.Boxes, writer.Write);
            WriteAll(truth.Labels, writer.Write);
            WriteAll(truth.IgnoredBoxes, writer.Write);
        }

        writer.Flush();
        return stream.ToArray();

        void WriteAll<T>(IReadOnlyList<T> values, Action<T> write)
        {
            writer.Write(values.Count);
            foreach (T value in values)
            {
                write(value);
            }
        }
    }

    private static TrainingBatch Read(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        (int width, int height) = (reader.ReadInt32(), reader.ReadInt32());
        byte[] pixels = reader.ReadBytes(reader.ReadInt32());
        int count = reader.ReadInt32();
        ResizeTransform[] frames = new ResizeTransform[count];
        GroundTruth[] targets = new GroundTruth[count];
        int[] images = new int[count];
        int[][] sources = new int[count][];
        for (int i = 0; i < count; i++)
        {
            frames[i] = new ResizeTransform(reader.ReadInt32(), reader.ReadInt32());
            images[i] = reader.ReadInt32();
            (int imageWidth, int imageHeight) = (reader.ReadInt32(), reader.ReadInt32());
            sources[i] = ReadAll(reader.ReadInt32);
            float[] boxes = ReadAll(reader.ReadSingle);
            targets[i] = new GroundTruth(boxes, ReadAll(reader.ReadInt32), imageWidth, imageHeight) { IgnoredBoxes = ReadAll(reader.ReadSingle) };
        }

        return new TrainingBatch(pixels, width, height, frames, targets, images) { Sources = sources };

        T[] ReadAll<T>(Func<T> read)
        {
            T[] values = new T[reader.ReadInt32()];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = read();
            }

            return values;
        }
    }
}
