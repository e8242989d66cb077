using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Linting;

/// <summary>Compares a data set with its image files.</summary>
internal static class ImageVerification
{
    public static IReadOnlyList<DatasetProblem> Run(DetectionDataset dataset)
    {
        DatasetProblem?[] problems = new DatasetProblem?[dataset.Images.Count];
        Parallel.For(0, problems.Length, i => problems[i] = VerifyImage(dataset.Images[i]));
        return [.. problems.OfType<DatasetProblem>()];
    }

    private static DatasetProblem? VerifyImage(DatasetImage image)
    {
        if (!File.Exists(image.Path))
        {
            return Problem(DatasetProblemKind.MissingImage, "the file does not exist; add it or remove the entry");
        }

        return ImageHeader.TryReadInfo(image.Path)?.DisplaySize switch
        {
            null => Problem(
                DatasetProblemKind.UnreadableImage, $"not a {ImageHeader.FormatNames} image; replace the file or remove the entry"),
            { } size when size != new ImageSize(image.Width, image.Height) =>
                Problem(
                    DatasetProblemKind.SizeMismatch,
                    $"annotated as {image.Width}x{image.Height} but the file has {size}; check that the boxes belong to it"),
            _ => null,
        };

        DatasetProblem Problem(DatasetProblemKind kind, string text) =>
            new(kind, image.FileName, image.FileName, null, $"{image.Path}: {text}.");
    }
}
