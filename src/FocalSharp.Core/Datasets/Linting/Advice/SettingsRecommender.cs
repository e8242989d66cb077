

namespace FocalSharp.Datasets.Linting.Advice;

/// <summary>
/// Recommends input size, regMax, strides and batch size from the sizes of the objects. The input size first, because it determines the size of the
/// objects; then what the head needs to reach their sides; then a batch with about as many pixels as that of the recipe.
/// </summary>
internal static class SettingsRecommender
{
    /// <summary>The size of an object in finest strides that 95 % of the objects should reach.</summary>
    private const int MinStridesPerObject = 2;

    private const int SizeStep = 32;
    private const int MaxInputSize = 1280;
    private const int MinSteps = 8;

    /// <summary>Recommends settings.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">The current settings.</param>
    public static RecommendedSettings Recommend(DetectionDataset dataset, DatasetCheckOptions options)
    {
        (DatasetImage Image, ObjectAnnotation Item)[] objects =
        [
            .. from image in dataset.Images from item in image.Objects where !item.IsCrowd && !item.IsIgnored select (image, item),
        ];
        (int size, string sizeReason, double across) = ChooseSize(dataset, objects, options);
        DatasetCheckOptions chosen = size == options.InputSize ? options : options with { InputSize = size, Fit = FitOf(options, size) };
        RegMaxReport reach = RegMaxCheck.Run([.. objects.Select(entry => chosen.SizeOf(entry.Image, entry.Item))], chosen);
        RegMaxRecommendation head = reach.Recommendation;
        double sides = head.RegMax == chosen.RegMax && head.Strides.SequenceEqual(chosen.Strides)
            ? reach.UnreachableSideFraction
            : RegMaxCheck.Run([.. objects.Select(entry => chosen.SizeOf(entry.Image, entry.Item))], chosen with { RegMax = head.RegMax, Strides = head.Strides }).UnreachableSideFraction;
        (int batch, string batchReason) = ChooseBatch(dataset, options, size);
        return new RecommendedSettings(
            size,
            head.RegMax,
            head.Strides,
            batch,
            [
                $"size {size}: {sizeReason}",
                $"regMax {head.RegMax}, strides {string.Join(", ", head.Strides)}: {head.Reason}",
                $"batch {batch}: {batchReason}",
            ],
            sides,
            across);
    }

    private static (int Size, string Reason, double Across) ChooseSize(
        DetectionDataset dataset, (DatasetImage Image, ObjectAnnotation Item)[] objects, DatasetCheckOptions options)
    {
        int current = options.InputSize;
        double now = ComputeSmallObjectSize(objects, options, current);
        double wanted = MinStridesPerObject * options.Strides.Min();
        if (objects.Length == 0)
        {
            return (current, "there are no objects", 0);
        }

        if (now >= wanted)
        {
            return (current, $"95 % of the objects are at least {now:0} px across at this size, at least {MinStridesPerObject} strides of {options.Strides.Min()}", now);
        }

        // Enlarging images beyond their own size adds no detail.
        int native = RoundUp((int)Quantile([.. dataset.Images.Select(image => (double)Math.Max(image.Width, image.Height))], 0.95));
        int largest = Math.Max(current, Math.Min(native, MaxInputSize));
        int size = current;
        double across = now;
        while (across < wanted && size + SizeStep <= largest)
        {
            size = RoundUp(size + 1);
            across = ComputeSmallObjectSize(objects, options, size);
        }

        string small = $"at {current} px, 5 % of the objects are smaller than {now:0.#} px across";
        string rest = across >= wanted
            ? $"at {size} px, 95 % are at least {across:0} px, {MinStridesPerObject} strides of {options.Strides.Min()}"
            : $"at {size} px, {(size >= native ? "the images' own size" : "the largest recommended size")}, it is {across:0.#} px; "
                + "for smaller objects, predict on tiles";
        return (size, size == current ? rest : $"{small}; {rest}", across);
    }

    private static (int Batch, string Reason) ChooseBatch(DetectionDataset dataset, DatasetCheckOptions options, int size)
    {
        DatasetSplit train = LintContext.GetTrainSplit(dataset);
        int images = dataset.Images.Count(image => image.Objects.Count > 0 && image.Split == train);
        images = images > 0 ? images : dataset.Images.Count(image => image.Objects.Count > 0);
        double share = (double)options.InputSize / size;
        int byPixels = Math.Max(2, (int)Math.Round(options.BatchSize * share * share));
        int byImages = Math.Max(1, images / MinSteps);
        int batch = Math.Min(Math.Min(byPixels, options.BatchSize), byImages);
        return (batch, batch == options.BatchSize
            ? $"the recipe's, for {images} training images with objects"
            : batch == byImages
                ? $"{images} training images with objects give at least {MinSteps} steps per epoch"
                : $"as many pixels at {size} px as the recipe's {options.BatchSize} at {options.InputSize} px, and therefore as much memory");
    }

    private static double ComputeSmallObjectSize((DatasetImage Image, ObjectAnnotation Item)[] objects, DatasetCheckOptions options, int size)
    {
        DatasetCheckOptions at = size == options.InputSize ? options : options with { InputSize = size, Fit = FitOf(options, size) };
        return Quantile(
            [
                .. objects.Select(entry =>
                {
                    (double width, double height) = at.SizeOf(entry.Image, entry.Item);
                    return Math.Sqrt(width * height);
                }),
            ],
            0.05);
    }

    // A single number for both sides.
    private static InputFit FitOf(DatasetCheckOptions options, int size) => new(size, size, options.Fit?.Stretch ?? false);

    private static int RoundUp(int size) => (size + SizeStep - 1) / SizeStep * SizeStep;

    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(int)(share * (values.Length - 1))];
    }
}
