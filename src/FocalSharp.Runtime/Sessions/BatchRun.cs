using System.Diagnostics;
using FocalSharp.Decoding;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Models;

namespace FocalSharp.Runtime.Sessions;

/// <summary>
/// Many images through the network: gathered by input size, so that an image's detections do not depend on its neighbours' padding, and run
/// whenever a batch is full.
/// </summary>
internal sealed class BatchRun(LanePool lanes, ModelInfo model, PostprocessOptions limits, int most) : IDisposable
{
    /// <summary>Sizes gathered at once; past that the fullest runs early. Bounds memory, whatever sizes images have.</summary>
    private const int MostOpen = 4;

    private readonly List<Group> _open = [];

    public Detections[] All(BatchSource images, CancellationToken cancellation)
    {
        Detections[] results = new Detections[images.Count];
        Lane decoder = lanes.Rent();
        try
        {
            for (int i = 0; i < results.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long time = Stopwatch.GetTimestamp();
                images.Open(i, decoder.Decoded);
                Group group = GroupOf(images.InputSize, results.Length - i, results, cancellation);
                images.Place(group.Lane, decoder.Decoded);
                group.Members.Add((i, images.Original));
                DetectorTelemetry.Stage("prepare", model.Name, time);
                if (group.Members.Count == group.Room)
                {
                    Run(group, results, cancellation);
                }
            }

            while (_open.Count > 0)
            {
                Run(_open[0], results, cancellation);
            }

            return results;
        }
        finally
        {
            lanes.Return(decoder);
        }
    }

    public void Dispose() => _open.ForEach(group => lanes.Return(group.Lane));

    private Group GroupOf(ImageSize size, int left, Detections[] results, CancellationToken cancellation)
    {
        foreach (Group open in _open)
        {
            if (open.Size == size)
            {
                return open;
            }
        }

        if (_open.Count == MostOpen)
        {
            Run(_open.MaxBy(group => group.Members.Count)!, results, cancellation);
        }

        Group fresh = new(lanes.Rent(), size, Math.Min(most, left), []);
        _open.Add(fresh);
        fresh.Lane.Begin(fresh.Room, size);
        return fresh;
    }

    private void Run(Group group, Detections[] results, CancellationToken cancellation)
    {
        long time = Stopwatch.GetTimestamp();
        group.Lane.Run(limits, cancellation);
        time = DetectorTelemetry.Stage("run", model.Name, time);
        for (int i = 0; i < group.Members.Count; i++)
        {
            (int index, ImageSize original) = group.Members[i];
            results[index] = new Detections(group.Lane.Read(i, limits), model.Classes, original.Width, original.Height);
        }

        DetectorTelemetry.Stage("read", model.Name, time);
        _open.Remove(group);
        lanes.Return(group.Lane);
    }

    private sealed record Group(Lane Lane, ImageSize Size, int Room, List<(int Index, ImageSize Original)> Members);
}
