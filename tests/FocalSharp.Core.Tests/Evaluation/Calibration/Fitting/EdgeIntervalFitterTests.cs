using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Core.Tests.Evaluation.Calibration.Fitting;

public sealed class EdgeIntervalFitterTests
{
    private static readonly double[] Levels = [0.8, 0.9, 0.95];

    // |errors| 1 to 100: two thirds within 68, and the factor's double contains all of them, so that the differences are equal at 0.727: 73.
    [Fact]
    public void The_factor_balances_one_and_two_deviations()
    {
        double[] uniform = [.. Enumerable.Range(1, 100).Select(i => (double)i)];
        double factor = EdgeIntervalFitter.FindFactor(uniform);
        double one = factor / 100;
        double two = Math.Min(2 * factor, 100) / 100;
        Assert.True(Math.Max(Math.Abs(one - 0.683), Math.Abs(two - 0.954)) <= 0.047);
    }

    [Fact]
    public void Normal_errors_have_the_factor_of_their_standard_deviation()
    {
        Random random = new(1);
        double[] errors = [.. Enumerable.Range(0, 20_000).Select(_ => Math.Abs(3 * Normal(random))).Order()];
        Assert.Equal(3, EdgeIntervalFitter.FindFactor(errors), 0.06);
    }

    // The median 1 lowers Σ|r| by 10; ½ ln 10 = 1.15.
    [Fact]
    public void A_shift_needs_evidence()
    {
        Assert.Equal(1, EdgeIntervalFitter.FindShift([.. Enumerable.Repeat(1.0, 10)]));
        Assert.Equal(0, EdgeIntervalFitter.FindShift([-1, -0.9, 0.95, 1]));
        Assert.Equal(0, EdgeIntervalFitter.FindShift([]));
    }

    [Fact]
    public void Few_examples_use_the_deviations_of_the_model()
    {
        MatchedBox[] boxes = [.. Draw(new Random(1), 30, 1)];
        EdgeIntervalModel model = EdgeIntervalFitter.Fit(boxes, 30, 2, Levels)!;
        Assert.Equal([0, 1, 1, 0, 0, 0, 0, 0], model.Scale.Coefficients);
        Assert.Equal(30, model.All.Boxes);
        Assert.True(double.IsFinite(model.All.Box[1])); // 30 boxes reach 0.9 …
        Assert.True(double.IsFinite(model.All.Box[2])); // … and 0.95 with the largest value
    }

    [Fact]
    public void Too_few_boxes_have_no_interval_of_a_high_level()
    {
        EdgeIntervalModel model = EdgeIntervalFitter.Fit([.. Draw(new Random(1), 10, 1)], 10, 1, Levels)!;
        Assert.True(double.IsFinite(model.All.Box[1])); // ⌈11 · 0.9⌉ = 10
        Assert.Equal(double.PositiveInfinity, model.All.Box[2]); // ⌈11 · 0.95⌉ = 11
        Assert.True(double.IsFinite(model.All.Edge[2])); // 40 edges
    }

    [Fact]
    public void Classes_with_enough_boxes_have_their_own_quantiles()
    {
        MatchedBox[] boxes = [.. Draw(new Random(5), 300, 1), .. Draw(new Random(6), 300, 3).Select(box => box with { Detection = box.Detection with { Label = 1 } }), .. Draw(new Random(7), 9, 1).Select(box => box with { Detection = box.Detection with { Label = 2 } })];
        EdgeIntervalModel model = EdgeIntervalFitter.Fit(boxes, 300, 3, Levels)!;
        Assert.Equal([0, 1], model.ByClass.Keys.Order());
        Assert.Equal(3, model.ByClass[1].Edge[1] / model.ByClass[0].Edge[1], 0.6);
        Assert.Empty(model.BySize);
    }

    // A class of 20 boxes has its own width at 80 %, three times that of the others, and shares that of all classes at 90 and 95 %.
    [Fact]
    public void A_higher_level_is_never_narrower()
    {
        MatchedBox[] boxes = [.. Draw(new Random(5), 600, 1), .. Draw(new Random(6), 30, 6).Select((box, i) => box with { Image = i * 20, Detection = box.Detection with { Label = 1 } })];
        EdgeIntervalModel model = EdgeIntervalFitter.Fit(boxes, 600, 2, Levels)!;
        IntervalRow row = model.ByClass[1];
        Assert.True(row.Boxes is >= 14 and < 29 && row.Edge[0] > model.All.Edge[1], $"{row.Boxes} boxes");
        Assert.Equal(row.Edge[0], row.Edge[1]);
        Assert.True(row.Edge[1] <= row.Edge[2] && row.Box[0] <= row.Box[1] && row.Box[1] <= row.Box[2]);
    }

    // Coverage on new draws is at least nominal up to the noise of calibration and test.
    [Fact]
    public void Intervals_cover_new_boxes()
    {
        (double edges, double whole) = (0, 0);
        const int Trials = 20;
        for (int trial = 0; trial < Trials; trial++)
        {
            EdgeIntervalModel model = EdgeIntervalFitter.Fit([.. Draw(new Random(100 + trial), 300, 1)], 300, 1, Levels)!;
            MatchedBox[] fresh = [.. Draw(new Random(200 + trial), 300, 1)];
            edges += fresh.Average(box => Enumerable.Range(0, 4).Average(side => IsWithin(model, box, side) ? 1.0 : 0)) / Trials;
            whole += fresh.Average(box => IsBetween(model, box) ? 1.0 : 0) / Trials;
        }

        Assert.Equal(0.9, edges, 0.015);
        Assert.Equal(0.9, whole, 0.02);
    }

    private static bool IsWithin(EdgeIntervalModel model, MatchedBox box, int side)
    {
        BoxInterval interval = model.Apply(box.Detection).GetInterval(0.9)!.Value;
        double truth = side switch { 0 => box.Truth.X1, 1 => box.Truth.Y1, 2 => box.Truth.X2, _ => box.Truth.Y2 };
        return truth >= interval.Lower[side] && truth <= interval.Upper[side];
    }

    private static bool IsBetween(EdgeIntervalModel model, MatchedBox box)
    {
        BoxInterval interval = model.Apply(box.Detection).GetInterval(0.9)!.Value;
        (Box outer, Box truth) = (interval.Outer!.Value, box.Truth);
        return outer.X1 <= truth.X1 && outer.Y1 <= truth.Y1 && outer.X2 >= truth.X2 && outer.Y2 >= truth.Y2
            && (interval.Inner is not { } inner || (inner.X1 >= truth.X1 && inner.Y1 >= truth.Y1 && inner.X2 <= truth.X2 && inner.Y2 <= truth.Y2));
    }

    // Boxes of 200 to 400 px whose edges err normally with the predicted deviation times a factor.
    private static IEnumerable<MatchedBox> Draw(Random random, int count, double factor)
    {
        for (int i = 0; i < count; i++)
        {
            float[] deviations = [.. Enumerable.Range(0, 4).Select(_ => (float)(1 + (9 * random.NextDouble())))];
            float size = (float)(200 + (200 * random.NextDouble()));
            Box box = new(0, 0, size, size);
            Box truth = new(Error(0), Error(1), size + Error(2), size + Error(3));
            yield return new MatchedBox(i, new Detection(box, 0, 0.8f, new SideValues(deviations[0], deviations[1], deviations[2], deviations[3])), truth);

            float Error(int side) => (float)(factor * deviations[side] * Normal(random));
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
