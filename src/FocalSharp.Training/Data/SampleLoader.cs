using FocalSharp.Assignment;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Data;

/// <summary>
/// Prepares training batches on worker threads, ahead of the network. A batch depends only on the seed, the epoch and its position, not on
/// the number of workers.
/// </summary>
internal sealed class SampleLoader
{
    private readonly DetectionDataset _dataset;
    private readonly Recipe _recipe;
    private readonly ImageCache _cache;
    private readonly int _seed;
    private readonly int[]? _groups;
    private readonly double[]? _weights;
    private readonly BadImages? _badImages;
    private readonly Action<string> _warn;
    private readonly (int Rank, int Size) _shard;

    /// <summary>Initializes a loader.</summary>
    /// <param name="dataset">Training images; crowd objects are not targets.</param>
    /// <param name="recipe">Input, augmentation and batch size.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="cacheFolder">The folder of the disk cache, used if the recipe has one.</param>
    /// <param name="badImages">Receives images that cannot be read, which are then replaced; null to throw.</param>
    /// <param name="warn">Receives messages about such images, on the thread that takes the batches.</param>
    /// <param name="ranks">The ranks that share each batch: this one prepares its part only. Null for the whole batch.</param>
    public SampleLoader(
        DetectionDataset dataset,
        Recipe recipe,
        int seed,
        string? cacheFolder = null,
        BadImages? badImages = null,
        Action<string>? warn = null,
        ICollective? ranks = null)
    {
        _shard = (ranks?.Rank ?? 0, ranks?.Size ?? 1);
        if (dataset.Images.Count == 0)
        {
            throw new DatasetException($"{dataset.Name}: contains no training images.");
        }

        _dataset = dataset;
        _recipe = recipe;
        _seed = seed;
        _badImages = badImages;
        _warn = warn ?? (_ => { });

        // The official pipeline resizes the original image (one that is read by rows: a copy of twice the input); square canvases are warped from an image of at most twice their size.
        int longSide = recipe.Input.SquareCanvas ? 2 * Math.Max(recipe.Input.ShortSide, recipe.Input.MultiScale.DefaultIfEmpty().Max()) : 0;
        DiskImageCache? disk = cacheFolder is not null && recipe.CacheDiskMegabytes > 0
            ? new DiskImageCache(cacheFolder, recipe.CacheDiskMegabytes * (1L << 20))
            : null;
        _cache = new ImageCache(recipe.CacheMegabytes * (1L << 20), longSide, disk, recipe.DecodeOptions, largeLongSide: 2 * Math.Max(recipe.Input.LongSide, recipe.Input.ShortSide));
        _weights = recipe.RepeatFactorThreshold > 0 ? RepeatFactorSampling.ComputeRepeatFactors(dataset, recipe.RepeatFactorThreshold) : null;
        _groups = recipe.Input.SquareCanvas ? null : [.. dataset.Images.Select(image => image.Width < image.Height ? 1 : 0)];
    }

    /// <summary>Gets the batches of an epoch.</summary>
    public int BatchesPerEpoch => PlanBatches(0).Length;

    /// <summary>Gets the steps of an epoch: batches, or groups of batches if gradients are accumulated.</summary>
    public int StepsPerEpoch => (BatchesPerEpoch + _recipe.Accumulate - 1) / _recipe.Accumulate;

    /// <summary>Returns whether an epoch is one of the last ones, without mosaic, mix-up and copy-paste.</summary>
    public bool IsMosaicClosed(int epoch) => epoch >= _recipe.Epochs - (int)Math.Round(_recipe.Epochs * _recipe.CloseMosaicFraction);

    /// <summary>Returns the file name of an image.</summary>
    public string GetFileName(int index) => _dataset.Images[index].FileName;

    /// <summary>Prepares the batches of an epoch, in order.</summary>
    /// <param name="epoch">The epoch from 0.</param>
    /// <param name="workers">Threads that prepare batches, at least 1.</param>
    /// <param name="firstBatch">The first batch, for a resumed epoch.</param>
    /// <param name="mosaicClosed">Whether mosaic, mix-up and copy-paste are off; null to decide by the recipe.</param>
    public IEnumerable<TrainingBatch> LoadEpoch(int epoch, int workers = 1, int firstBatch = 0, bool? mosaicClosed = null)
    {
        int[][] plan = PlanBatches(epoch);
        AugmentationOptions augmentation = _recipe.Augmentation with { Fit = _recipe.Input.Mode };
        if (mosaicClosed ?? IsMosaicClosed(epoch))
        {
            augmentation = augmentation with { Mosaic = 0, MixUp = 0, CopyPaste = 0 };
        }

        using BackgroundThreads threads = new(workers); // a consumer may stop early
        Queue<PendingBatch> ahead = new();
        int next = firstBatch;
        while (true)
        {
            while (next < plan.Length && ahead.Count <= workers)
            {
                PendingBatch pending = CreateBatch(epoch, next, plan[next], augmentation);
                next++;
                ahead.Enqueue(pending);
                threads.Add(pending.Prepare);
            }

            if (ahead.Count == 0)
            {
                yield break;
            }

            TrainingBatch ready = ahead.Dequeue().Take();
            _badImages?.Report(_warn);
            yield return ready;
        }
    }

    private int[][] PlanBatches(int epoch) =>
        EpochOrder.CreateBatches(_dataset.Images.Count, _recipe.Repeat, _recipe.BatchSize, _seed, epoch, _groups, _weights);

    private PendingBatch CreateBatch(int epoch, int batch, int[] indices, AugmentationOptions augmentation)
    {
        AugmentationRandom random = SampleSeeds.ForBatch(_seed, epoch, batch);
        IReadOnlyList<int> sizes = _recipe.Input.MultiScale;
        int canvas = sizes.Count > 0 ? sizes[random.NextInt(sizes.Count)] : _recipe.Input.ShortSide;
        (int start, int end) = (Boundary(_shard.Rank), Boundary(_shard.Rank + 1));
        return new PendingBatch(end - start, PrepareSample, (samples, sources) => Collate(samples, indices[start..end]) with { Sources = sources });

        int Boundary(int rank) => (int)((long)indices.Length * rank / _shard.Size);

        // A sample depends on its position in the whole batch, so the number of ranks changes none.
        (TrainingSample Sample, int[] Sources) PrepareSample(int own)
        {
            int position = start + own;
            List<int> read = [];
            TrainingSample Source(int index)
            {
                (int used, TrainingSample sample) = ReadOrReplace(index);
                read.Add(used);
                return sample;
            }

            AugmentationRandom drawn = SampleSeeds.ForSample(_seed, epoch, batch, position);
            TrainingSample sample = _recipe.Input.SquareCanvas
                ? SampleAugmenter.Apply(Source, indices[position], _dataset.Images.Count, canvas, canvas, augmentation, ref drawn)
                : SampleAugmenter.ApplyCustom(ResizeAndFlip(Source(indices[position]), augmentation, ref drawn), augmentation, ref drawn);
            return (sample, [.. read.Distinct()]);
        }
    }

    /// <summary>The official pipeline: aspect-preserving resize to a size drawn per image, then a flip (spec, section 1.2).</summary>
    private TrainingSample ResizeAndFlip(TrainingSample sample, AugmentationOptions augmentation, ref AugmentationRandom random)
    {
        InputOptions input = _recipe.Input;
        int shortSide = input.MultiScale.Count > 0
            ? input.MultiScale.Min() + random.NextInt(input.MultiScale.Max() - input.MultiScale.Min() + 1)
            : input.ShortSide;
        ImageSize size = KeepRatio.GetSize(sample.Image.Width, sample.Image.Height, (input.LongSide, shortSide));
        RgbImage resized = new(size.Width, size.Height);
        BilinearResizer.Resize(sample.Image, resized, size.Width, size.Height);
        float scaleX = (float)((double)size.Width / sample.Image.Width);
        float scaleY = (float)((double)size.Height / sample.Image.Height);
        Box[] boxes = [.. sample.Boxes.Select(box => box.Scale(scaleX, scaleY).Clip(size.Width, size.Height))];
        TrainingSample result = new(resized, boxes, sample.Labels);
        return random.NextDouble() < augmentation.HorizontalFlip ? Flip.Horizontal(result) : result;
    }

    // An image that cannot be read is replaced by the next one that can and is of its group.
    private (int Index, TrainingSample Sample) ReadOrReplace(int index)
    {
        int count = _dataset.Images.Count;
        for (int step = 0; step < count; step++)
        {
            int candidate = (index + step) % count;
            string path = _dataset.Images[candidate].Path;
            if (_groups?[candidate] != _groups?[index] || _badImages?.Contains(path) == true)
            {
                continue;
            }

            try
            {
                return (candidate, ReadSample(candidate));
            }
            catch (ImageException exception) when (_badImages is not null)
            {
                _badImages.Add(path, exception);
            }
        }

        throw new DatasetException($"{_dataset.Name}: no image can be read any more to replace '{_dataset.Images[index].FileName}'.");
    }

    private TrainingSample ReadSample(int index)
    {
        DatasetImage entry = _dataset.Images[index];
        RgbImage image = _cache.Get(entry);
        float scaleX = (float)image.Width / entry.Width;
        float scaleY = (float)image.Height / entry.Height;
        List<ObjectAnnotation> objects = [.. entry.Objects.Where(annotation => !annotation.IsCrowd)];
        return new TrainingSample(
            image,
            [.. objects.Select(annotation => annotation.Box.Scale(scaleX, scaleY))],
            [.. objects.Select(annotation => annotation.Label)]);
    }

    private TrainingBatch Collate(TrainingSample[] samples, int[] indices)
    {
        ResizeRule rule = _recipe.Input.ResizeRule;
        int width = rule.RoundUp(samples.Max(sample => sample.Image.Width));
        int height = rule.RoundUp(samples.Max(sample => sample.Image.Height));
        int plane = 3 * width * height;
        byte[] pixels = new byte[samples.Length * plane];
        ResizeTransform[] frames = new ResizeTransform[samples.Length];
        GroundTruth[] targets = new GroundTruth[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            TrainingSample sample = samples[i];
            ChwPacking.Write(sample.Image, pixels.AsSpan(i * plane, plane), width, height);
            frames[i] = new ResizeTransform(sample.Image.Width, sample.Image.Height);
            float[] boxes = [.. sample.Boxes.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })];
            targets[i] = new GroundTruth(boxes, sample.Labels, sample.Image.Width, sample.Image.Height);
        }

        return new TrainingBatch(pixels, width, height, frames, targets, indices);
    }
}
