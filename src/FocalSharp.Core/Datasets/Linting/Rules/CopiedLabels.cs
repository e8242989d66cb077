using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images whose boxes are identical to those of another image.</summary>
internal sealed class CopiedLabels() : LintRule(
    "FS213", "copied-labels", LintSeverity.Warning,
    "images whose boxes, two or more, are identical to those of another image: labels copied from frame to frame, or to the wrong file",
    "check the pairs; redraw the boxes of the second image if the images differ")
{
    private const int MinBoxes = 2;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        Dictionary<UInt128, int> first = [];
        for (int i = 0; i < context.Dataset.Images.Count; i++)
        {
            DatasetImage image = context.Dataset.Images[i];
            if (image.Objects.Count >= MinBoxes && !IsWhole(image) && !first.TryAdd(Key(image), i) && !AreCopies(context, first[Key(image)], i))
            {
                found.Add(image, $"the {image.Objects.Count} boxes of '{context.Dataset.Images[first[Key(image)]].FileName}'");
            }
        }
    }

    // Duplicates of an image have its boxes; other rules report them.
    private static bool AreCopies(LintContext context, int a, int b) =>
        context.Dataset.Images[a].Path == context.Dataset.Images[b].Path
        || (context.Fingerprints is { } prints && prints[a].Content == prints[b].Content && prints[a].Content != 0);

    private static bool IsWhole(DatasetImage image) =>
        image.Objects.All(item => item.Box.Width >= 0.99f * image.Width && item.Box.Height >= 0.99f * image.Height);

    private static UInt128 Key(DatasetImage image)
    {
        (ulong a, ulong b) = (14695981039346656037, 1099511628211);
        foreach (ObjectAnnotation item in image.Objects)
        {
            Box box = item.Box;
            foreach (float edge in (ReadOnlySpan<float>)[item.Label, box.X1, box.Y1, box.X2, box.Y2])
            {
                ulong bits = BitConverter.SingleToUInt32Bits(edge);
                a = (a ^ bits) * 1099511628211;
                b = System.Numerics.BitOperations.RotateLeft(b + bits, 29) * 0x9E3779B97F4A7C15;
            }
        }

        return new UInt128(a, b);
    }
}
