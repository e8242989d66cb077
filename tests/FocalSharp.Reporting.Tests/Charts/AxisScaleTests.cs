using CsCheck;
using FocalSharp.Reporting.Charts;

namespace FocalSharp.Reporting.Tests.Charts;

public sealed class AxisScaleTests
{
    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 24, 6, "0 5 10 15 20")]
    [InlineData(-0.3, 0.3, 3, "-0.2 0.0 0.2")]
    [InlineData(0, 0.021, 5, "0.000 0.005 0.010 0.015 0.020")]
    public void Ticks_are_round_numbers(double min, double max, int requested, string expected)
    {
        AxisScale axis = new(min, max, 0, 100);

        Assert.Equal(expected, string.Join(' ', axis.GetTicks(requested).Select(tick => axis.FormatTick(tick, requested))));
    }

    [Fact]
    public void Ticks_stay_within_and_are_neither_few_nor_many() =>
        Gen.Select(Gen.Double[-1e4, 1e4], Gen.Double[1e-3, 1e4], Gen.Int[3, 8]).Sample((min, span, requested) =>
        {
            AxisScale axis = new(min, min + span, 0, 100);
            IReadOnlyList<double> ticks = axis.GetTicks(requested);
            Assert.InRange(ticks.Count, 1, requested + 1);
            Assert.All(ticks, tick => Assert.InRange(tick, min - (1e-6 * span), min + (span * (1 + 1e-6))));
        });

    [Fact]
    public void Positions_run_from_end_to_end_either_way()
    {
        AxisScale down = new(0, 10, 200, 20);

        Assert.Equal((200, 110, 20), (down.ToPosition(0), down.ToPosition(5), down.ToPosition(10)));
    }

    [Fact]
    public void An_axis_of_one_value_or_none_still_has_a_width()
    {
        Assert.Equal((2.5, 3.5), (AxisScale.Create([3, 3], 0, 1, null).Min, AxisScale.Create([3, 3], 0, 1, null).Max));
        Assert.Equal((0, 1), (AxisScale.Create([double.NaN], 0, 1, null).Min, AxisScale.Create([], 0, 1, null).Max));
    }
}
