using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Distributions;

namespace FocalSharp.Core.Tests.Boxes;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GeometryGoldenTests
{
    [Fact]
    public void Overlaps_box_code_and_integral_equal_the_official_ones()
    {
        foreach (GoldenCase golden in GoldenFile.Require("losses", "geometry").Cases)
        {
            float[] actual = golden.Function switch
            {
                "bbox_overlaps" => Overlaps(golden),
                "distance2bbox" => Decode(golden),
                "bbox2distance" => Encode(golden),
                "Integral" => Integrals(golden),
                _ => throw new InvalidDataException($"{golden.Id}: no test knows the function {golden.Function}."),
            };
            GoldenReport.Record($"losses.geometry.{golden.Function}", golden.Id, GoldenReport.MaxRelative(actual, golden.Floats("out")), 1e-6);
        }
    }

    private static float[] Overlaps(GoldenCase golden)
    {
        (float[] a, float[] b) = (golden.Floats("a"), golden.Floats("b"));
        float epsilon = (float)golden.Number("eps")!.Value;
        bool aligned = golden.Arguments.GetProperty("is_aligned").GetBoolean();
        float[] result = new float[golden.Floats("out").Length];
        switch (golden.Text("mode"))
        {
            case "iou" when aligned:
                return Pairs(a, b, (left, right) => BoxIou.Iou(left, right, epsilon));
            case "iof" when aligned:
                return Pairs(a, b, (left, right) => BoxIou.Iof(left, right, epsilon));
            case "giou" when aligned:
                return Pairs(a, b, (left, right) => BoxIou.Giou(left, right, epsilon));
            case "iou":
                BoxIou.IouMatrix(a, b, result, epsilon);
                return result;
            case "iof":
                BoxIou.IofMatrix(a, b, result, epsilon);
                return result;
            case "giou":
                BoxIou.GiouMatrix(a, b, result, epsilon);
                return result;
            default:
                throw new InvalidDataException($"{golden.Id}: no test knows the mode {golden.Text("mode")}.");
        }
    }

    private static float[] Pairs(float[] a, float[] b, Func<Box, Box, float> measure) =>
        [.. Enumerable.Range(0, a.Length / 4).Select(i => measure(Read(a, i), Read(b, i)))];

    private static float[] Decode(GoldenCase golden)
    {
        (float[] points, float[] distance) = (golden.Floats("points"), golden.Floats("distance"));
        JsonElement shape = golden.Arguments.GetProperty("max_shape");
        return
        [
            .. Enumerable.Range(0, points.Length / 2).SelectMany(i =>
            {
                (float x, float y) = (points[2 * i], points[(2 * i) + 1]);
                Box sides = Read(distance, i);
                SideValues values = new(sides.X1, sides.Y1, sides.X2, sides.Y2);
                Box box = shape.ValueKind == JsonValueKind.Null
                    ? BoxCoder.Decode(x, y, values)
                    : BoxCoder.Decode(x, y, values, shape[1].GetSingle(), shape[0].GetSingle());
                return new[] { box.X1, box.Y1, box.X2, box.Y2 };
            }),
        ];
    }

    private static float[] Encode(GoldenCase golden)
    {
        (float[] points, float[] boxes) = (golden.Floats("points"), golden.Floats("bbox"));
        double? max = golden.Number("max_dis");
        return
        [
            .. Enumerable.Range(0, points.Length / 2).SelectMany(i =>
            {
                (float x, float y) = (points[2 * i], points[(2 * i) + 1]);
                SideValues distance = max is double limit
                    ? BoxCoder.Encode(x, y, Read(boxes, i), (float)limit, (float)golden.Number("eps")!.Value)
                    : BoxCoder.Encode(x, y, Read(boxes, i));
                return new[] { distance.Left, distance.Top, distance.Right, distance.Bottom };
            }),
        ];
    }

    private static float[] Integrals(GoldenCase golden)
    {
        float[] logits = golden.Floats("x");
        int bins = golden.Integer("reg_max") + 1;
        return [.. Enumerable.Range(0, logits.Length / bins).Select(i => DistributionMath.Expectation(logits.AsSpan(i * bins, bins)))];
    }

    private static Box Read(float[] boxes, int index) =>
        new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);
}
