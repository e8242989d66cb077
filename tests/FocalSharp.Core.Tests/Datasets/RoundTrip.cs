using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

/// <summary>What a written data set must preserve.</summary>
internal static class RoundTrip
{
    public static void AssertEqual(DetectionDataset before, DetectionDataset after, string format)
    {
        Assert.Equal(before.Classes, after.Classes);
        Assert.Equal(before.Images.Count, after.Images.Count);
        Dictionary<(DatasetSplit, string), DatasetImage> byName = after.Images.ToDictionary(image => (image.Split, image.FileName));
        foreach (DatasetImage expected in before.Images)
        {
            DatasetImage actual = byName[(expected.Split, expected.FileName)];
            Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
            Assert.Equal(expected.Objects.Count, actual.Objects.Count);
            for (int i = 0; i < expected.Objects.Count; i++)
            {
                AssertEqual(expected.Objects[i], actual.Objects[i], format);
            }
        }
    }

    private static void AssertEqual(ObjectAnnotation expected, ObjectAnnotation actual, string format)
    {
        Assert.Equal(expected.Label, actual.Label);
        Assert.True(Largest(expected.Box, actual.Box) <= 1e-3, $"{expected.Box} became {actual.Box}");
        switch (format)
        {
            case "coco":
                Assert.Equal(
                    (expected.Id, expected.IsCrowd, expected.IsIgnored, expected.IsDifficult, expected.Area),
                    (actual.Id, actual.IsCrowd, actual.IsIgnored, actual.IsDifficult, actual.Area));
                Assert.Equal(expected.SideBlur is null, actual.SideBlur is null);
                for (int side = 0; expected.SideBlur is not null && side < 4; side++)
                {
                    Assert.Equal(expected.SideBlur.Value[side], actual.SideBlur!.Value[side], 1e-5f);
                }

                break;
            case "voc" or "labelme":
                Assert.Equal(expected.IsDifficult || expected.IsCrowd, actual.IsDifficult);
                break;
        }
    }

    private static float Largest(Box a, Box b) => new[] { a.X1 - b.X1, a.Y1 - b.Y1, a.X2 - b.X2, a.Y2 - b.Y2 }.Max(Math.Abs);
}
