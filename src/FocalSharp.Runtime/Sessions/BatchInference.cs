using System.Diagnostics;
using FocalSharp.Runtime.Diagnostics;

namespace FocalSharp.Runtime.Sessions;

/// <summary>
/// Runs many images. Images are grouped by input size, so that an image's detections do not depend on the padding of others, and a group
/// runs when its batch is full.
/// </summary>
internal sealed class BatchInference(InferenceContextPool contexts, ModelInfo model, ResolvedDetectOptions resolved, int max) : IDisposable
{
    /// <summary>Groups open at once; beyond that the fullest runs early. Bounds memory for any mix of sizes.</summary>
    private const int MaxOpenGroups = 4;

    private readonly List<Group> _openGroups = [];
    private IProgress<int>? _progress;
    private int _done;

    public Detections[] DetectAll(BatchInput images, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        _progress = progress;
        Detections[] results = new Detections[images.Count];
        InferenceContext decoder = contexts.Rent();
        try
        {
            for (int i = 0; i < results.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long time = Stopwatch.GetTimestamp();
                images.Load(i, decoder.DecodedPixels);
                Group group = GetOrCreateGroup(images.InputSize, results.Length - i, results, cancellationToken);
                images.CopyTo(group.Context, decoder.DecodedPixels);
                group.Members.Add((i, images.OriginalSize));
                DetectorTelemetry.Stage("prepare", model.Name, time);
                if (group.Members.Count == group.Capacity)
                {
                    Run(group, results, cancellationToken);
                }
            }

            while (_openGroups.Count > 0)
            {
                Run(_openGroups[0], results, cancellationToken);
            }

            return results;
        }
        finally
        {
            contexts.Return(decoder);
        }
    }

    public void Dispose() => _openGroups.ForEach(group => contexts.Return(group.Context));

    private Group GetOrCreateGroup(ImageSize size, int left, Detections[] results, CancellationToken cancellationToken)
    {
        foreach (Group open in _openGroups)
        {
            if (open.Size == size)
            {
                return open;
            }
        }

        if (_openGroups.Count == MaxOpenGroups)
        {
            Run(_openGroups.MaxBy(group => group.Members.Count)!, results, cancellationToken);
        }

        Group fresh = new(contexts.Rent(), size, Math.Min(max, left), []);
        _openGroups.Add(fresh);
        fresh.Context.BeginBatch(fresh.Capacity, size);
        return fresh;
    }

    private void Run(Group group, Detections[] results, CancellationToken cancellationToken)
    {
        long time = Stopwatch.GetTimestamp();
        group.Context.Run(resolved.Postprocess, cancellationToken);
        DetectorTelemetry.Batch(model.Name, group.Members.Count);
        time = DetectorTelemetry.Stage("run", model.Name, time);
        for (int i = 0; i < group.Members.Count; i++)
        {
            (int index, ImageSize original) = group.Members[i];
            results[index] = new Detections(resolved.Finish(group.Context.Read(i, resolved.Postprocess)), model.Classes, original.Width, original.Height);
        }

        DetectorTelemetry.Stage("read", model.Name, time);
        _done += group.Members.Count;
        _progress?.Report(_done);
        _openGroups.Remove(group);
        contexts.Return(group.Context);
    }

    private sealed record Group(InferenceContext Context, ImageSize Size, int Capacity, List<(int Index, ImageSize Original)> Members);
}
