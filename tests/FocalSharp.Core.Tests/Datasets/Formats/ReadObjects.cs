using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats;

/// <summary>Assertions on what a reader found.</summary>
internal static class ReadObjects
{
    /// <summary>The class and box of every object of an image, which must be equal within a thousandth of a pixel.</summary>
    public static void AssertObjects(this DatasetImage image, DetectionDataset set, params (string ClassName, float X1, float Y1, float X2, float Y2)[] expected)
    {
        Assert.Equal(expected.Select(item => item.ClassName), image.Objects.Select(item => set.Classes[item.Label]));
        foreach (((string _, float x1, float y1, float x2, float y2), ObjectAnnotation item) in expected.Zip(image.Objects))
        {
            Box box = item.Box;
            float error = new[] { box.X1 - x1, box.Y1 - y1, box.X2 - x2, box.Y2 - y2 }.Max(Math.Abs);
            Assert.True(error <= 1e-3f, $"({x1}, {y1}, {x2}, {y2}) expected, {box} read");
        }
    }

    /// <summary>The kinds of problems, sorted.</summary>
    public static DatasetProblemKind[] Kinds(this DetectionDataset set) => [.. set.Problems.Select(problem => problem.Kind).Order()];
}
