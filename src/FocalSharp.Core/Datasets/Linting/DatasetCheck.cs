using FocalSharp.Boxes;
using FocalSharp.Datasets.Linting.Advice;

namespace FocalSharp.Datasets.Linting;

/// <summary>Checks a data set before training: problems, class balance, box sizes, and whether the head can represent the boxes.</summary>
public static class DatasetCheck
{
    private const double SmallArea = 32 * 32;
    private const double MediumArea = 96 * 96;

    /// <summary>
    /// Checks a data set. Crowd objects are counted, but excluded from box sizes and reach, since training ignores them.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">Check options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public static DatasetReport Run(
        DetectionDataset dataset, DatasetCheckOptions? options = null, CancellationToken cancellationToken = default) =>
        Run(dataset, options, fingerprints: null, cancellationToken);

    /// <summary>Checks a data set, with the rules that need pixels.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">Check options; null for the defaults.</param>
    /// <param name="fingerprints">One fingerprint per image, in order; null to skip the rules that need pixels.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="OptionException">An option is out of range.</exception>
    internal static DatasetReport Run(
        DetectionDataset dataset,
        DatasetCheckOptions? options,
        IReadOnlyList<ImageFingerprint>? fingerprints,
        CancellationToken cancellationToken = default)
    {
        options ??= new DatasetCheckOptions();
        Validate(options);
        DatasetProblem[] problems = [.. dataset.Problems, .. options.VerifyImages ? ImageVerification.Run(dataset) : []];
        ObjectAnnotation[] objects = [.. dataset.Images.SelectMany(image => image.Objects)];
        (Box Box, double Area)[] targets = [.. Targets(dataset, options)];
        DatasetSplit[] splits = [.. dataset.Images.Select(image => image.Split).Distinct().Order()];
        return new DatasetReport(
            [.. splits.Select(split => Count(split, dataset))],
            [.. Classes(dataset, splits)],
            Sizes(targets, options.InputSize),
            RegMaxCheck.Run([.. targets.Select(target => ((double)target.Box.Width, (double)target.Box.Height))], options))
        {
            Name = dataset.Name,
            Images = dataset.Images.Count,
            Objects = objects.Length,
            CrowdObjects = objects.Count(item => item.IsCrowd),
            DifficultObjects = objects.Count(item => item.IsDifficult),
            ProblemCounts = problems.GroupBy(problem => problem.Kind).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count()),
            Problems = problems,
            Findings = Linter.Run(new LintContext(dataset with { Problems = problems }, options, fingerprints), cancellationToken),
            RecommendedSettings = SettingsRecommender.Recommend(dataset, options),
            ExifRotatedImages = dataset.Images.Count(image => image.Orientation != 1),
        };
    }

    private static void Validate(DatasetCheckOptions options)
    {
        int[] settings = [options.InputSize, options.RegMax, options.AnchorScale, .. options.Strides];
        if (options.Strides.Count == 0 || settings.Any(setting => setting < 1))
        {
            throw new OptionException(
                "The check needs an input size, regMax, anchor scale and at least one stride, all at least 1; "
                + $"given: {options.InputSize}, {options.RegMax}, {options.AnchorScale}, [{string.Join(", ", options.Strides)}].");
        }
    }

    // The boxes at the input size, with the area in the original image.
    private static IEnumerable<(Box Box, double Area)> Targets(DetectionDataset dataset, DatasetCheckOptions options) =>
        from image in dataset.Images
        let scale = options.ScaleOf(image.Width, image.Height)
        from item in image.Objects
        where !item.IsCrowd
        select (item.Box.Scale((float)scale.X, (float)scale.Y), item.Area);

    private static SplitCount Count(DatasetSplit split, DetectionDataset dataset)
    {
        DatasetImage[] images = [.. dataset.Images.Where(image => image.Split == split)];
        return new SplitCount(
            split, images.Length, images.Count(image => image.Objects.Count == 0), images.Sum(image => image.Objects.Count));
    }

    private static IEnumerable<ClassCount> Classes(DetectionDataset dataset, DatasetSplit[] splits)
    {
        int[] objects = new int[dataset.Classes.Count];
        int[] images = new int[dataset.Classes.Count];
        Dictionary<DatasetSplit, int[]> bySplit = splits.ToDictionary(split => split, _ => new int[dataset.Classes.Count]);
        foreach (DatasetImage image in dataset.Images)
        {
            foreach (ObjectAnnotation item in image.Objects)
            {
                objects[item.Label]++;
                bySplit[image.Split][item.Label]++;
            }

            foreach (int label in image.Objects.Select(item => item.Label).Distinct())
            {
                images[label]++;
            }
        }

        double all = Math.Max(1, objects.Sum());
        return dataset.Classes.Select((name, label) => new ClassCount(
            name,
            objects[label],
            images[label],
            objects[label] / all,
            splits.ToDictionary(split => split, split => bySplit[split][label])));
    }

    private static BoxSizes Sizes((Box Box, double Area)[] targets, int inputSize)
    {
        double[] original = [.. targets.Select(target => target.Area)];
        double[] atInput = [.. targets.Select(target => (double)target.Box.Width * target.Box.Height)];
        return new BoxSizes(
            inputSize,
            Quantiles.Compute(targets.Select(target => (double)target.Box.Width)),
            Quantiles.Compute(targets.Select(target => (double)target.Box.Height)),
            Quantiles.Compute(atInput.Select(Math.Sqrt)),
            Quantiles.Compute(targets.Select(target => (double)target.Box.Width / target.Box.Height)),
            Share(original, area => area < SmallArea),
            Share(original, area => area is >= SmallArea and <= MediumArea),
            Share(original, area => area > MediumArea),
            Share(atInput, area => area < SmallArea),
            Share(atInput, area => area is >= SmallArea and <= MediumArea),
            Share(atInput, area => area > MediumArea));
    }

    private static double Share(double[] values, Func<double, bool> has) =>
        values.Length == 0 ? 0 : values.Count(has) / (double)values.Length;
}
