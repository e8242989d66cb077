

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Boxes that the head's distributions cannot represent at the input size.</summary>
internal sealed class BoxBeyondRegMax() : LintRule(
    "FS501", "out-of-reach", LintSeverity.Warning,
    "boxes whose sides are farther than regMax·stride of their level at the input size: the head cannot predict their edges",
    "use the recommended regMax or strides, or a smaller input size")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        DatasetCheckOptions options = context.Options;
        int[] strides = [.. options.Strides];
        int objects = 0;
        foreach ((DatasetImage image, int index, ObjectAnnotation item) in context.EnumerateTargets())
        {
            objects++;
            (double width, double height) = options.SizeOf(image, item);
            double need = RegMaxCheck.RequiredRegMax((width, height), strides, options.AnchorScale);
            if (need > options.RegMax)
            {
                found.Add(image, index, $"'{context.Dataset.Classes[item.Label]}' of {width:0}x{height:0} px at the input size needs {need:0.0} strides; regMax is {options.RegMax}");
            }
        }

        if (found.Count > 0)
        {
            found.Text = $"{found.Count} of {objects} boxes ({(double)found.Count / objects:P2}) have sides beyond regMax {options.RegMax} times the stride of their level at {options.InputSize} px";
        }
    }
}
