using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Models;

/// <summary>
/// Runs a detector on images: resize, normalise, network, decode. Used by validation, <c>eval</c> and <c>predict</c> alike. Images share a
/// batch only where their inputs have one size, so that an image's detections do not depend on its neighbours.
/// </summary>
/// <param name="detector">The detector; put into evaluation mode for each call.</param>
/// <param name="rule">How images become inputs.</param>
/// <param name="options">Thresholds and limits; null for the detector's own.</param>
/// <param name="tiles">
/// Cuts images larger than a tile into overlapping tiles, each seen as an image of its own; null shrinks every image to the network's input.
/// </param>
public sealed class ImagePredictor(GflDetector detector, ResizeRule rule, PostprocessOptions? options = null, TileOptions? tiles = null)
{
    /// <summary>Tiles that share a batch.</summary>
    private const int TileBatchSize = 4;

    private readonly HeadDecoder _decoder = new(detector.Options.Head, detector.Options.Classes.Count);
    private readonly PostprocessOptions _options = options ?? detector.Options.Postprocess;

    /// <summary>Detects objects in images.</summary>
    /// <returns>For each image its detections, highest score first, in pixels of the image.</returns>
    public Detection[][] Predict(params IReadOnlyList<RgbImage> images)
    {
        using IDisposable open = EnterInferenceMode();
        return tiles is null ? PredictWhole(images) : [.. images.Select(image => PredictTiles(image, CancellationToken.None))];
    }

    /// <summary>
    /// Makes the detector ready once for many calls: evaluation mode, batch norms folded. Calls outside such a scope open one of their own.
    /// The weights must stay until it is disposed.
    /// </summary>
    public IDisposable EnterInferenceMode()
    {
        detector.eval();
        return detector.FoldNorms();
    }

    private Detection[][] PredictWhole(IReadOnlyList<RgbImage> images)
    {
        Detection[][] results = new Detection[images.Count][];
        foreach (IGrouping<ImageSize, int> group in Enumerable.Range(0, images.Count)
            .GroupBy(i => rule.GetPaddedSize(images[i].Width, images[i].Height)))
        {
            int[] members = [.. group];
            PreparedBatch batch = Prepare([.. members.Select(i => images[i])], group.Key);
            Detection[][] detections = Run(batch);
            for (int i = 0; i < members.Length; i++)
            {
                results[members[i]] = detections[i];
            }
        }

        return results;
    }

    /// <summary>Detects objects in all images of a data set, decoding the next batch while the network computes.</summary>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images a batch, at least 1.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>For each image its detections, in the order given.</returns>
    /// <exception cref="FocalSharpException">An image is gone or unreadable.</exception>
    public Detection[][] Predict(
        IReadOnlyList<DatasetImage> images, int batchSize = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        using IDisposable open = EnterInferenceMode();
        if (tiles is not null)
        {
            return PredictTiles(images, progress, cancellationToken);
        }

        Detection[][] results = new Detection[images.Count][];
        List<int[]> plan =
        [
            .. Enumerable.Range(0, images.Count)
                .GroupBy(i => rule.GetPaddedSize(images[i].Width, images[i].Height))
                .SelectMany(group => group.Chunk(batchSize)),
        ];
        Task<PreparedBatch>? next = null;
        int done = 0;
        for (int b = 0; b < plan.Count; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<PreparedBatch> current = next ?? Load(plan[b]);
            next = b + 1 < plan.Count ? Load(plan[b + 1]) : null;
            Detection[][] detections = Run(current.GetAwaiter().GetResult());
            for (int i = 0; i < plan[b].Length; i++)
            {
                results[plan[b][i]] = detections[i];
            }

            done += plan[b].Length;
            progress?.Report(done);
        }

        return results;

        Task<PreparedBatch> Load(int[] members) => Task.Run(
            () =>
            {
                RgbImage[] decoded = [.. members.Select(i => ImageDecoder.Decode(images[i].Path))];

                // Sizes come from the annotations; an image that was turned or replaced since may differ.
                ImageSize size = new(
                    decoded.Max(image => rule.GetPaddedSize(image.Width, image.Height).Width),
                    decoded.Max(image => rule.GetPaddedSize(image.Width, image.Height).Height));
                return Prepare(decoded, size);
            },
            cancellationToken);
    }

    private Detection[][] PredictTiles(IReadOnlyList<DatasetImage> images, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Detection[][] results = new Detection[images.Count][];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = PredictTiles(ImageDecoder.Decode(images[i].Path), cancellationToken);
            progress?.Report(i + 1);
        }

        return results;
    }

    private Detection[] PredictTiles(RgbImage image, CancellationToken cancellationToken)
    {
        TileMerge merge = new(image.Width, image.Height, tiles!.MaxDetections);
        foreach (Tile[] part in TileGrid.Create(image.Width, image.Height, tiles, rule.NativeSide).Chunk(TileBatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Detection[][] found = PredictWhole([.. part.Select(tile => image.View.Crop(tile.X, tile.Y, tile.Width, tile.Height).ToImage())]);
            for (int i = 0; i < part.Length; i++)
            {
                merge.Add(part[i], found[i]);
            }
        }

        return merge.Finish(_options);
    }

    private PreparedBatch Prepare(RgbImage[] images, ImageSize size)
    {
        int plane = checked(3 * size.Width * size.Height);
        byte[] pixels = new byte[images.Length * plane];
        ResizeTransform[] frames = new ResizeTransform[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            (RgbImage resized, frames[i]) = rule.Apply(images[i]);
            ChwPacking.Write(resized, pixels.AsSpan(i * plane, plane), size.Width, size.Height);
        }

        return new PreparedBatch(pixels, size, frames);
    }

    private Detection[][] Run(PreparedBatch batch)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Device device = detector.parameters().First().device;
        HeadOutput output = detector.call(detector.Preprocess(batch.Pixels, batch.Size.Height, batch.Size.Width, batch.Frames, device));
        return _decoder.Decode(output, batch.Frames, _options);
    }

    private sealed record PreparedBatch(byte[] Pixels, ImageSize Size, ResizeTransform[] Frames);
}
