using FocalSharp.Datasets;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Data;

/// <summary>
/// The images of a split that turned out to be unreadable during a run. An image that failed once is not read again, so that what replaces it
/// does not depend on time. Thread-safe.
/// </summary>
/// <param name="action">Whether to skip such images or to stop.</param>
/// <param name="total">The number of images of the split.</param>
/// <param name="purpose">What the split is for, in messages: training or evaluation.</param>
internal sealed class BadImages(FailureAction action, int total, string purpose)
{
    /// <summary>The fraction of the images that may be unreadable; one image always may.</summary>
    private const double MaxFraction = 0.01;

    private const int MaxNamed = 5;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private readonly Queue<string> _unreported = new();

    /// <summary>Gets the paths of the images, in ordinal order.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_lock)
            {
                return [.. _reasons.Keys];
            }
        }
    }

    /// <summary>Returns why an image could not be read; null if it could, or was not read.</summary>
    public string? FindReason(string path)
    {
        lock (_lock)
        {
            return _reasons.GetValueOrDefault(path);
        }
    }

    /// <summary>Returns whether an image failed before.</summary>
    public bool Contains(string path)
    {
        lock (_lock)
        {
            return _reasons.ContainsKey(path);
        }
    }

    /// <summary>Records an image that could not be read.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="reason">Why; it names the image.</param>
    /// <exception cref="ImageException">Such images stop the run.</exception>
    /// <exception cref="DatasetException">Too many images are unreadable.</exception>
    public void Add(string path, ImageException reason)
    {
        if (action == FailureAction.Stop)
        {
            throw reason;
        }

        lock (_lock)
        {
            if (_reasons.TryAdd(path, reason.Message))
            {
                _unreported.Enqueue($"{reason.Message} The {purpose} continues without it.");
            }

            if (_reasons.Count > Math.Max(1, MaxFraction * total))
            {
                throw new DatasetException(
                    $"{_reasons.Count} of {total} images for {purpose} cannot be read, more than {MaxFraction:P0}:"
                    + $"{string.Concat(_reasons.Values.Take(MaxNamed).Select(text => $"\n  {text}"))}{(_reasons.Count > MaxNamed ? "\n  …" : "")}\n"
                    + "Check that the disk or network folder is available, and copy these images again or remove them.",
                    reason);
            }
        }
    }

    /// <summary>Handles a failure inside a detector, which detects nothing in such an image.</summary>
    /// <returns>Whether to continue.</returns>
    public bool Skip(string path, ImageException reason)
    {
        Add(path, reason);
        return true;
    }

    /// <summary>Reports the images that were recorded since the last call; called on the thread of the run.</summary>
    public void Report(Action<string> warn)
    {
        while (true)
        {
            string? message;
            lock (_lock)
            {
                if (!_unreported.TryDequeue(out message))
                {
                    return;
                }
            }

            warn(message);
        }
    }

    /// <summary>Adds the images that other ranks could not read. All ranks call it.</summary>
    /// <exception cref="DatasetException">Too many images are unreadable.</exception>
    public void Share(ICollective ranks)
    {
        if (ranks.Size == 1)
        {
            return;
        }

        string[] own;
        lock (_lock)
        {
            own = [.. _reasons.SelectMany(entry => new[] { entry.Key, entry.Value })];
        }

        foreach (string text in ranks.GatherTexts(string.Join('\0', own)).Where(text => text.Length > 0))
        {
            foreach (string[] entry in text.Split('\0').Chunk(2))
            {
                Add(entry[0], new ImageException(entry[1]));
            }
        }
    }

    /// <summary>Returns the data set without these images, and its detections.</summary>
    public (DetectionDataset Dataset, T[] Detections) Exclude<T>(DetectionDataset dataset, IReadOnlyList<T> detections)
    {
        if (Paths is not { Count: > 0 } paths)
        {
            return (dataset, [.. detections]);
        }

        HashSet<string> bad = new(paths, StringComparer.Ordinal);
        int[] kept = [.. Enumerable.Range(0, dataset.Images.Count).Where(i => !bad.Contains(dataset.Images[i].Path))];
        return (dataset with { Images = [.. kept.Select(i => dataset.Images[i])] }, [.. kept.Select(i => detections[i])]);
    }
}
