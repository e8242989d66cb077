using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;
using FocalSharp.Detections;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Distillation;

/// <summary>Images without labels, labeled by a teacher's detections.</summary>
internal static class PseudoLabels
{
    /// <summary>Returns a training set with the images of a folder in which a teacher finds objects.</summary>
    /// <param name="training">The labeled training images.</param>
    /// <param name="folder">The folder of images, with its subfolders.</param>
    /// <param name="teacher">The teacher; classes meet by name.</param>
    /// <param name="minScore">The score from which a detection is an object.</param>
    /// <param name="ranks">The ranks that share the images; every rank returns the same.</param>
    /// <param name="cancellationToken">Cancels the detection.</param>
    /// <exception cref="DatasetException">The folder has no images, or no class is common.</exception>
    /// <exception cref="FocalSharpException">An image cannot be read, or a rank failed or has other images.</exception>
    public static DetectionDataset AddTo(
        DetectionDataset training, string folder, IDetector teacher, double minScore, ICollective ranks, CancellationToken cancellationToken = default)
    {
        DatasetImage[] images = ranks.RunTogether(() => FindImages(training, folder));
        RequireSame(ranks, folder, images);
        ClassMapping classes = ranks.RunTogether(() => new ClassMapping(teacher.Classes, training.Classes));
        DetectOptions options = new() { ScoreThreshold = minScore };
        using IDisposable? suspension = (ranks as IMonitoredCollective)?.SuspendTimeout(); // the slowest rank may need long
        DatasetImage[] own = [.. images.Where((_, i) => i % ranks.Size == ranks.Rank)];
        Detection[][] found = DetectionMessage.Gather(
            ranks, ranks.RunTogether(() => teacher.DetectAll(own, options, cancellationToken: cancellationToken)), images.Length);
        List<DatasetImage> added = [];
        foreach ((DatasetImage image, Detection[] detections) in images.Zip(found))
        {
            ObjectAnnotation[] objects =
            [
                .. classes.Apply(detections).Where(detection => detection.Box.Width > 0 && detection.Box.Height > 0)
                    .Select(detection => new ObjectAnnotation { Label = detection.Label, Box = detection.Box, Area = detection.Box.Width * detection.Box.Height }),
            ];
            if (objects.Length > 0)
            {
                added.Add(image with { Objects = objects });
            }
        }

        return training with { Images = [.. training.Images, .. added] };
    }

    private static DatasetImage[] FindImages(DetectionDataset training, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DatasetException($"{folder}: there is no such folder of unlabeled images.{NearbyPaths.DidYouMean(folder)}");
        }

        HashSet<string> labeled = [.. training.Images.Select(image => Path.GetFullPath(image.Path))];
        string[] paths = [.. ImageFiles.EnumerateRecursive(folder).Where(path => !labeled.Contains(Path.GetFullPath(path)))];
        if (paths.Length == 0)
        {
            throw new DatasetException($"{folder}: contains no images beside the labeled ones.");
        }

        long next = training.Images.Count == 0 ? 1 : training.Images.Max(image => image.Id) + 1;
        return [.. paths.Select(path => Describe(path, next++)).OfType<DatasetImage>()];
    }

    private static void RequireSame(ICollective ranks, string folder, DatasetImage[] images)
    {
        string[] names = ranks.GatherTexts(string.Join('\0', images.Select(image => $"{Path.GetRelativePath(folder, image.Path)} {image.Width}x{image.Height}")));
        int other = Array.FindIndex(names, own => own != names[0]);
        if (other >= 0)
        {
            throw CollectiveExtensions.OfAllRanks(new TrainingException(
                $"{folder}: rank {other} of {ranks.Size} has {names[other].Split('\0').Length} unlabeled images there, rank 0 has {names[0].Split('\0').Length}, or their names differ. Copy the same images to each machine."));
        }
    }

    private static DatasetImage? Describe(string path, long id) => ImageHeader.TryReadInfo(path) is not { } info ? null : new DatasetImage
    {
        Id = id,
        FileName = Path.GetFileName(path),
        Path = path,
        Width = info.DisplaySize.Width,
        Height = info.DisplaySize.Height,
        Orientation = info.Orientation,
    };
}
