using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes so small that no location of the finest level is inside, so that ATSS assigns them none.</summary>
internal sealed class UnassignableBoxes() : LintRule(
    "FS502", "unassignable-box", LintSeverity.Warning,
    "boxes too small to be assigned at the input size: no location of the finest level is inside, so that they are not trained on",
    "train at the recommended input size, or cut large images into tiles (convert --tiles)")
{
    // ATSS (arXiv 1912.02424) requires locations to be inside by more than this.
    private const double InsideMargin = 0.01;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        DatasetCheckOptions options = context.Options;
        int stride = options.Strides.Min();
        int objects = 0;
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            objects++;
            (double x, double y) = options.ScaleOf(image.Width, image.Height);
            Box box = item.Box;
            if (!ContainsLocation(box.X1 * x, box.X2 * x, stride, options.CenterOffset) || !ContainsLocation(box.Y1 * y, box.Y2 * y, stride, options.CenterOffset))
            {
                found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' of {box.Width * x:0.#}x{box.Height * y:0.#} px at the input size; the finest stride is {stride}");
            }
        }

        if (found.Count > 0)
        {
            found.Text = $"{found.Count} of {objects} boxes ({(double)found.Count / objects:P2}) contain no location of stride {stride} at {options.InputSize} px, so that they are not trained on";
        }
    }

    /// <summary>Returns whether a location <c>(k + offset)·stride</c> lies between two edges.</summary>
    internal static bool ContainsLocation(double low, double high, int stride, double offset)
    {
        double first = Math.Ceiling(((low + InsideMargin) / stride) - offset);
        return (Math.Max(first, 0) + offset) * stride < high - InsideMargin;
    }
}
