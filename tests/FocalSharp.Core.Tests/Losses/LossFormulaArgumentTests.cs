using FocalSharp.Losses;

namespace FocalSharp.Core.Tests.Losses;

/// <summary>The losses in closed form refuse wrong arguments with the parameter's name.</summary>
[Collection("Value checks")]
public sealed class LossFormulaArgumentTests
{
    private static readonly Dictionary<string, (Action Run, string Parameter, string Part)> Wrong = new()
    {
        ["quality exponent"] = (() => QualityFocalLossFormula.Evaluate(0f, 0.5f, -1f), "beta", "at least 0"),
        ["quality exponent of a probability"] = (() => QualityFocalLossFormula.EvaluateProbability(0.5, 0.5, double.NaN), "beta", "finite"),
        ["quality lengths"] = (() => QualityFocalLossFormula.Evaluate<float>(new float[3], new float[2], new float[3], new float[3], 2f), "qualities", "must have 3 elements, but has 2"),
        ["focal exponent"] = (() => FocalLossFormula.Evaluate(0f, 1f, -1f), "gamma", "at least 0"),
        ["focal lengths"] = (() => FocalLossFormula.Evaluate<float>(new float[3], new float[3], new float[2], new float[3], 2f), "losses", "must have 3 elements, but has 2"),
        ["varifocal exponent"] = (() => VarifocalLossFormula.Evaluate(0f, 0f, 0.75f, float.PositiveInfinity), "gamma", "finite"),
        ["generalized exponent"] = (() => GeneralizedFocalLossFormula.EvaluateLogit(0f, 0f, 0f, 1f, -2f), "beta", "at least 0"),
        ["distribution gradients"] = (() => DistributionFocalLossFormula.Evaluate<float>(new float[8], 0, new float[7]), "gradient", "must have 8 elements, but has 7"),
        ["distribution without targets"] = (() => DistributionFocalLossFormula.Evaluate<float>(new float[8], [], [], new float[8]), "logits", "must have 0 elements, but has 8"),
        ["box of five numbers"] = (() => BoxLossFormula.Evaluate<float>(BoxLossKind.Giou, new float[5], new float[4], new float[4], [], 1e-6f), "predicted", "must have 4 elements, but has 5"),
        ["box kind"] = (() => BoxLossFormula.Evaluate<float>((BoxLossKind)99, new float[4], new float[4], new float[4], [], 1e-6f), "kind", "no such box loss"),
        ["box target gradients"] = (() => BoxLossFormula.EvaluateMany<float>(BoxLossKind.Giou, new float[8], new float[8], new float[2], new float[8], new float[4], 1e-6f), "targetGradients", "must have 8 elements, but has 4"),
        ["distillation without bins"] = (() => DistillationLossFormula.Evaluate<float>([], [], 1f, []), "student", "at least two bins"),
        ["distillation temperature"] = (() => DistillationLossFormula.Evaluate<float>(new float[8], new float[8], 0f, new float[8]), "temperature", "above 0"),
        ["distillation lengths"] = (() => DistillationLossFormula.Evaluate<float>(new float[8], new float[9], 1f, new float[8]), "teacher", "must have 8 elements, but has 9"),
    };

    public static TheoryData<string> Cases => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wrong_arguments_are_named(string name)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(Wrong[name].Run);

        Assert.Equal(Wrong[name].Parameter, error.ParamName);
        Assert.Contains(Wrong[name].Part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_beyond_0_to_1_are_named_where_values_are_checked()
    {
        float[] logits = [0, 0];
        float[] targets = [0.5f, 1.5f];
        QualityFocalLossFormula.Evaluate<float>(logits, targets, new float[2], new float[2], 2f); // not checked in a release build

        AppContext.SetSwitch(ValueChecks.Switch, true);
        try
        {
            AssertNamed("qualities", () => QualityFocalLossFormula.Evaluate<float>(logits, targets, new float[2], new float[2], 2f));
            AssertNamed("qualities", () => VarifocalLossFormula.Evaluate<float>(logits, targets, new float[2], new float[2], 0.75f, 2f));
            AssertNamed("targets", () => FocalLossFormula.Evaluate<float>(logits, targets, new float[2], new float[2], 2f));
        }
        finally
        {
            AppContext.SetSwitch(ValueChecks.Switch, false);
        }
    }

    private static void AssertNamed(string parameter, Action run)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(run);

        Assert.Equal(parameter, error.ParamName);
        Assert.Contains("between 0 and 1, but element 1 is 1.5", error.Message, StringComparison.Ordinal);
    }
}
