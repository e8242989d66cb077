using FocalSharp.Models.Export;

namespace FocalSharp.Models.Tests.Export;

public sealed class LayerSensitivityTests
{
    [Fact]
    public void The_error_is_relative_to_the_variance_of_each_output()
    {
        // Scores: variance 2 · 1, error 0.5². Boxes: variance 2 · 100, error 10².
        Dictionary<string, float[]> expected = new() { ["scores"] = [1, 3], ["boxes"] = [10, 30] };
        Dictionary<string, float[]> actual = new() { ["scores"] = [1, 3.5f], ["boxes"] = [20, 30] };

        Assert.Equal((0.25 / 2) + (100.0 / 200), LayerSensitivity.ComputeError([expected], [actual]), 1e-12);
        Assert.Equal(0, LayerSensitivity.ComputeError([expected, expected], [expected, expected]));
    }
}
