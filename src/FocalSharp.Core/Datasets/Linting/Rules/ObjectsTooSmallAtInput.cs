

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects that are drawn large enough and become small by the resize.</summary>
internal sealed class ObjectsTooSmallAtInput() : LintRule(
    "FS503", "shrunk-object", LintSeverity.Note,
    "objects of 16 px and more across that the resize makes smaller than 16 px, where detectors begin to miss",
    "train at the recommended --size, or cut the images into tiles (predict and eval take --tiles)")
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
