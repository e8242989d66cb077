using System.Runtime.ExceptionServices;
using FocalSharp.Datasets;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Synthetic.Shapes;

namespace FocalSharp.Synthetic;

/// <summary>
/// The demo data set, which needs no download: scenes of <see cref="SceneGenerator"/> in a folder of COCO layout
/// (<c>annotations/instances_{train,val}.json</c>, <c>images/{train,val}/</c>), each object with the key <c>focalsharp_side_blur</c>.
/// </summary>
public static class DemoDataset
{
    /// <summary>Gets the class names in label order.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. DemoShape.All.Select(shape => shape.Name)];

    /// <summary>
    /// Generates the data set on all cores. A folder that already contains it, complete and with the same options, is reused; an
    /// incomplete one or one with other options is generated again. Files that are not the demo's are never touched.
    /// </summary>
    /// <param name="folder">A new or empty folder, or the folder of an earlier call.</param>
    /// <param name="options">What to generate; null for the defaults.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the generation; the next call starts it again.</param>
    /// <returns>The data set, read from the folder.</returns>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="FileException">The folder contains other files or cannot be written to.</exception>
    public static DetectionDataset Create(
        string folder,
        DemoOptions? options = null,
        IProgress<DemoProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new DemoOptions();
        options.Validate();
        SceneGenerator generator = new(options.Scenes with { Seed = options.Seed });
        DemoFolder target = new(folder);
        string key = DemoStamp.ComputeKey(options);
        if (!target.Contains(options, key))
        {
            using FileStream lockFile = target.AcquireLock(cancellationToken);
            if (!target.Contains(options, key))
            {
                WriteImages(target, generator, options, key, progress, cancellationToken);
            }
        }

        return DatasetReader.Read(target.Path);
    }

    private static void WriteImages(
        DemoFolder target,
        SceneGenerator generator,
        DemoOptions options,
        string key,
        IProgress<DemoProgress>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            target.Claim(key);
            DatasetImage[] images = RenderImages(target, generator, options, progress, cancellationToken);
            DetectionDataset dataset = new()
            {
                Name = "demo",
                Classes = Classes,
                CategoryIds = [.. Enumerable.Range(1, Classes.Count)],
                Images = AssignImageIds(images),
            };
            DatasetWriteOptions annotationsOnly = new() { CopyImages = false, Overwrite = true };
            DatasetWriter.Write(dataset, DatasetFormats.Coco, target.Path, annotationsOnly);
            new DemoStamp(key, Complete: true).Write(target.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{target.Path}: the demo data set cannot be written ({exception.Message}). Free disk space or choose another folder.",
                exception)
            { Path = target.Path };
        }
    }

    private static DatasetImage[] RenderImages(
        DemoFolder target,
        SceneGenerator generator,
        DemoOptions options,
        IProgress<DemoProgress>? progress,
        CancellationToken cancellationToken)
    {
        DatasetImage[] images = new DatasetImage[options.TrainImages + options.ValImages];
        int done = 0;
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.For(0, images.Length, parallel, i =>
            {
                images[i] = i < options.TrainImages
                    ? RenderImage(target, generator, options, DatasetSplit.Train, i) with { Id = i + 1 }
                    : RenderImage(target, generator, options, DatasetSplit.Val, i - options.TrainImages) with { Id = i + 1 };
                int finished = Interlocked.Increment(ref done);
                if (finished % 16 == 0 || finished == images.Length)
                {
                    progress?.Report(new DemoProgress(finished, images.Length));
                }
            });
        }
        catch (AggregateException exception)
            when (exception.InnerExceptions is [IOException or UnauthorizedAccessException or FocalSharpException, ..])
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        return images;
    }

    private static DatasetImage RenderImage(
        DemoFolder target, SceneGenerator generator, DemoOptions options, DatasetSplit split, int index)
    {
        Scene scene = generator.Render(index, split);
        string path = target.GetImagePath(split, index);

        // Not flushed: the stamp is written after all images, and a folder without it is generated again.
        using (FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            ImageEncoder.SaveJpeg(scene.Image, stream, options.JpegQuality);
        }

        return new DatasetImage
        {
            Id = 0,
            FileName = DemoFolder.GetImageName(index),
            Path = path,
            Width = scene.Image.Width,
            Height = scene.Image.Height,
            Split = split,
            Objects = scene.Objects,
        };
    }

    // COCO numbers annotations over the whole data set.
    private static DatasetImage[] AssignImageIds(IReadOnlyList<DatasetImage> images)
    {
        long next = 1;
        return [.. images.Select(image => image with { Objects = [.. image.Objects.Select(item => item with { Id = next++ })] })];
    }
}
