

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects that become small when the image is resized to the input size.</summary>
internal sealed class ObjectsTooSmallAtInput() : LintRule(
    "FS503", "shrunk-object", LintSeverity.Note,
    "objects of at least 16 px across that become smaller than 16 px at the input size, where detectors begin to miss them",
    "train at the recommended input size, or cut large images into tiles (convert --tiles)")
{
    private const double MinSize = 16;
    private const double MinFraction = 0.05;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        DatasetCheckOptions options = context.Options;
        int objects = context.EnumerateTargets().Count();
        int shrunk = context.EnumerateTargets().Count(target => IsTooSmallAtInput(options, target.Image, target.Item));
        if (shrunk < MinFraction * objects || shrunk == 0)
        {
            return;
        }

        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets().Where(target => IsTooSmallAtInput(options, target.Image, target.Item)))
        {
            (double width, double height) = options.SizeOf(image, item);
            found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' of {item.Box.Width:0}x{item.Box.Height:0} px becomes {width:0.#}x{height:0.#}");
        }

        found.Text = $"{shrunk} of {objects} objects ({(double)shrunk / objects:P0}) are at least 16 px across and become smaller than that at {options.InputSize} px";
    }

    private static bool IsTooSmallAtInput(DatasetCheckOptions options, DatasetImage image, ObjectAnnotation item)
    {
        (double x, double y) = options.ScaleOf(image.Width, image.Height);
        double across = Math.Sqrt((double)item.Box.Width * item.Box.Height);
        return across >= MinSize && across * Math.Sqrt(x * y) < MinSize;
    }
}
