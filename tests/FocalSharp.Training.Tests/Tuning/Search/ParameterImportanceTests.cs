using FocalSharp.Training.Tuning.Search;

namespace FocalSharp.Training.Tests.Tuning.Search;

public sealed class ParameterImportanceTests
{
    private static readonly SearchParameter List = SearchParameter.Parse("x=a|b");

    [Fact]
    public void A_parameter_that_decides_the_score_explains_everything() =>
        Assert.Equal(1, ParameterImportance.Compute(List, ["a", "b", "a", "b"], [0.1, 0.5, 0.1, 0.5]), 1e-12);

    [Fact]
    public void A_parameter_without_influence_explains_nothing() =>
        Assert.Equal(0, ParameterImportance.Compute(List, ["a", "b", "a", "b"], [0.1, 0.1, 0.5, 0.5]), 1e-12);

    [Fact]
    public void A_part_is_explained_in_proportion() =>

        // Scores 0.1, 0.3, 0.3, 0.5: mean 0.3, total 0.08. Groups of mean 0.2 and 0.4: between them 4 · 0.01 = 0.04.
        Assert.Equal(0.5, ParameterImportance.Compute(List, ["a", "a", "b", "b"], [0.1, 0.3, 0.3, 0.5]), 1e-12);

    [Fact]
    public void A_range_is_divided_into_thirds() =>
        Assert.Equal(1, ParameterImportance.Compute(SearchParameter.Parse("x=0..3"), ["0.2", "0.9", "1.5", "2.1", "3"], [1, 1, 2, 5, 5]), 1e-12);

    [Fact]
    public void Nothing_is_explained_where_nothing_differs()
    {
        Assert.Equal(0, ParameterImportance.Compute(List, ["a", "b"], [0.2, 0.2]));
        Assert.Equal(0, ParameterImportance.Compute(List, [], []));
    }
}
