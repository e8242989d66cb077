using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses;

/// <summary>Wrong arguments are exceptions that name the parameter, the expected and the given shape.</summary>
[CollectionDefinition("Value checks", DisableParallelization = true)] // the switch is the process's
[Collection("Value checks")]
public sealed class LossArgumentTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    private static readonly Dictionary<string, (Func<Tensor> Run, string Parameter, string Part)> Wrong = new()
    {
        ["qfl 1-d"] = (() => new QualityFocalLoss().forward(zeros(4), Labels(4), zeros(4)), "prediction", "must have the shape [N, C], but has [4]"),
        ["qfl rows"] = (() => new QualityFocalLoss().forward(zeros(4, 3), Labels(4), zeros(5)), "quality", "[N] with N = 4, one value per row of the prediction, but has [5]"),
        ["qfl labels"] = (() => new QualityFocalLoss().forward(zeros(4, 3), Labels(3), zeros(4)), "label", "but has [3]"),
        ["qfl swapped"] = (() => new QualityFocalLoss().forward(zeros(4, 3), zeros(4), Labels(4)), "label", "must contain integer class labels, but is of type Float32"),
        ["qfl weight"] = (() => new QualityFocalLoss().forward(zeros(4, 3), Labels(4), zeros(4), ones(1)), "weight", "but has [1]"),
        ["qfl factor"] = (() => new QualityFocalLoss().forward(zeros(4, 3), Labels(4), zeros(4), null, double.NaN), "averageFactor", "finite"),
        ["qfl dense"] = (() => new QualityFocalLoss().ForwardDense(zeros(4, 3), zeros(4)), "target", "must have the shape [4, 3], that of prediction, but has [4]"),
        ["qfl null"] = (() => new QualityFocalLoss().forward(zeros(4, 3), Labels(4), null!), "quality", ""),
        ["dfl reshape"] = (() => new DistributionFocalLoss().forward(zeros(4, 32), zeros(16)), "target", "[N] with N = 4"),
        ["dfl bins"] = (() => new DistributionFocalLoss().forward(zeros(4, 1), zeros(4)), "prediction", "at least two bins"),
        ["focal"] = (() => new FocalLoss().forward(zeros(4, 3), zeros(4)), "target", "integer"),
        ["focal shape"] = (() => new FocalLoss().forward(zeros(4, 3), zeros(4, 2)), "target", "[4, 3]"),
        ["varifocal"] = (() => new VarifocalLoss().forward(zeros(4, 3), zeros(4)), "target", "[4, 3]"),
        ["giou columns"] = (() => new GiouLoss().forward(zeros(2, 5), zeros(2, 5)), "prediction", "must have the shape [N, 4], but has [2, 5]"),
        ["giou broadcast"] = (() => new GiouLoss().forward(zeros(1, 4), zeros(2, 4)), "target", "must have the shape [1, 4], that of prediction, but has [2, 4]"),
        ["ciou weight"] = (() => new CiouLoss().forward(zeros(2, 4), zeros(2, 4), ones(3)), "weight", "but has [3]"),
        ["iou factor"] = (() => new IouLoss().forward(zeros(2, 4), zeros(2, 4), null, -1), "averageFactor", "finite"),
        ["distillation"] = (() => new LocalizationDistillationLoss().forward(zeros(2, 8), zeros(2, 9)), "teacher", "[2, 8]"),
        ["gfl"] = (() => new GeneralizedFocalLoss().forward(zeros(3, 3), zeros(3), zeros(3), ones(3)), "logProbabilities", "must have the shape [3, 2], but has [3, 3]"),
        ["beta"] = (() => { using QualityFocalLoss loss = new(beta: -1); return zeros(1); }, "beta", "at least 0"),
        ["gamma"] = (() => { using FocalLoss loss = new(gamma: double.NaN); return zeros(1); }, "gamma", "at least 0"),
        ["qfl integers"] = (() => new QualityFocalLoss().forward(zeros([4, 3], ScalarType.Int64), Labels(4), zeros(4)), "prediction", "floating-point numbers, but is of type Int64"),
        ["giou integers"] = (() => new GiouLoss().forward(zeros([2, 4], ScalarType.Int32), zeros(2, 4)), "prediction", "floating-point numbers, but is of type Int32"),
        ["qfl logits"] = (() => new QualityFocalLoss(activated: true).forward(full([4, 3], 2f), Labels(4), zeros(4)), "prediction", "Are they logits?"),
        ["reduction"] = (() => { using QualityFocalLoss loss = new(reduction: (LossReduction)7); return zeros(1); }, "reduction", "None, Mean or Sum"),
        ["loss weight"] = (() => { using GiouLoss loss = new(lossWeight: double.NaN); return zeros(1); }, "lossWeight", "finite"),
        ["epsilon"] = (() => { using CiouLoss loss = new(epsilon: -1); return zeros(1); }, "epsilon", "at least 0"),
        ["temperature"] = (() => { using LocalizationDistillationLoss loss = new(double.PositiveInfinity); return zeros(1); }, "temperature", "finite"),
        ["qfl boolean labels"] = (() => new QualityFocalLoss().forward(zeros(4, 3), zeros([4], ScalarType.Bool), zeros(4)), "label", "integer class labels, but is of type Bool"),
        ["gfl integers"] = (() => new GeneralizedFocalLoss().forward(zeros([3, 2], ScalarType.Int64), zeros(3), zeros(3), ones(3)), "logProbabilities", "floating-point"),
        ["gfl logit"] = (() => GeneralizedFocalLoss.FromLogit(null!), "logit", ""),
        ["gfl logit integers"] = (() => GeneralizedFocalLoss.FromLogit(Labels(2)), "logit", "floating-point"),
        ["box compute"] = (() => ((IBoxLoss)new GiouLoss()).Compute(zeros(2, 5), zeros(2, 5)), "prediction", "[N, 4], but has [2, 5]"),
        ["quality compute"] = (() => ((IClassificationLoss)new QualityFocalLoss()).Compute(zeros(4, 3), zeros(5, 3), zeros(4, 3), false), "qualities", "[4, 3], that of scores, but has [5, 3]"),
        ["focal compute"] = (() => ((IClassificationLoss)new FocalLoss()).Compute(zeros(4, 3), zeros(4, 3), null!, false), "positives", ""),
        ["varifocal compute"] = (() => ((IClassificationLoss)new VarifocalLoss()).Compute(zeros(4, 3), null!, zeros(4, 3), false), "qualities", ""),
        ["alpha"] = (() => { using FocalLoss loss = new(alpha: 2); return zeros(1); }, "alpha", "between 0 and 1"),
    };

    // Found only where values are checked.
    private static readonly Dictionary<string, (Func<Tensor> Run, string Parameter, string Part)> Invalid = new()
    {
        ["labels from 1"] = (() => new QualityFocalLoss().forward(zeros(2, 3), tensor([1L, 4]), zeros(2)), "label", "0 to 2, or 3 or negative for background, but its values range from 1 to 4"),
        ["qualities"] = (() => new QualityFocalLoss().forward(zeros(2, 3), Labels(2), tensor([0.5f, 1.5f])), "quality", "between 0 and 1, but its values range from 0.5 to 1.5"),
        ["dense"] = (() => new QualityFocalLoss().ForwardDense(zeros(1, 2), tensor([0f, -1], [1, 2])), "target", "between 0 and 1"),
        ["bins"] = (() => new DistributionFocalLoss().forward(zeros(2, 8), tensor([0f, 20])), "target", "within the bins 0 to 7, but its values range from 0 to 20"),
        ["inverted"] = (() => new GiouLoss().forward(tensor([0f, 0, 4, 4, 9, 9, 1, 1], [2, 4]), zeros(2, 4)), "prediction", "row 1 does not"),
        ["nan"] = (() => new GiouLoss().forward(zeros(1, 4), tensor([0f, 0, float.NaN, 4], [1, 4])), "target", "row 0 does not"),
        ["factor 0"] = (() => new GiouLoss().forward(zeros(1, 4), zeros(1, 4), null, 0), "averageFactor", "above 0"),
        ["labels in order"] = (() => new GeneralizedFocalLoss().forward(zeros(1, 2), zeros(1), ones(1), zeros(1)), "right", "above 'left'"),
        ["target between"] = (() => new GeneralizedFocalLoss().forward(zeros(1, 2), full([1], 3f), zeros(1), ones(1)), "target", "between 'left' and 'right'"),
        ["probabilities"] = (() => new GeneralizedFocalLoss().forward(ones(1, 2), zeros(1), zeros(1), ones(1)), "logProbabilities", "at most 0"),
    };

    public static TheoryData<string> WrongCases => [.. Wrong.Keys];

    public static TheoryData<string> InvalidCases => [.. Invalid.Keys];

    [Theory]
    [MemberData(nameof(WrongCases))]
    public void Wrong_shapes_and_types_are_named(string name)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Wrong[name].Run());

        Assert.Equal(Wrong[name].Parameter, error.ParamName);
        Assert.Contains(Wrong[name].Part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InvalidCases))]
    public void Wrong_values_are_named_where_values_are_checked(string name)
    {
        _ = Invalid[name].Run(); // not checked in a release build

        AppContext.SetSwitch(ValueChecks.Switch, true);
        try
        {
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Invalid[name].Run());

            Assert.Equal(Invalid[name].Parameter, error.ParamName);
            Assert.Contains(Invalid[name].Part, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            AppContext.SetSwitch(ValueChecks.Switch, false);
        }
    }

    [Fact]
    public void Dense_qualities_may_be_integers() => Assert.Equal(
        new QualityFocalLoss().ForwardDense(zeros(4, 3), zeros(4, 3)).item<float>(),
        new QualityFocalLoss().ForwardDense(zeros(4, 3), zeros([4, 3], ScalarType.Int64)).item<float>());

    // A batch without positives.
    [Fact]
    public void No_rows_with_weights_have_the_loss_0()
    {
        Assert.Equal(0, new QualityFocalLoss().forward(zeros(0, 3), Labels(0), zeros(0), zeros(0), 1).item<float>());
        Assert.Equal(0, new DistributionFocalLoss().forward(zeros(0, 17), zeros(0), zeros(0), 1).item<float>());
        Assert.Equal(0, new GiouLoss().forward(zeros(0, 4), zeros(0, 4), zeros(0), 1).item<float>());
    }

    // −2 counts as 0 and 20 as the last bin, fused or not: cross-entropy of uniform bins is log n.
    [Theory]
    [InlineData(8, ScalarType.Float32)]
    [InlineData(8, ScalarType.Float64)]
    [InlineData(16, ScalarType.Float32)]
    [InlineData(17, ScalarType.Float32)]
    [InlineData(17, ScalarType.Float64)]
    [InlineData(40, ScalarType.Float32)]
    public void Distances_beyond_the_bins_count_as_the_nearest_bin(int bins, ScalarType type)
    {
        Tensor logits = zeros([2, bins], type).requires_grad_();

        Tensor loss = new DistributionFocalLoss(LossReduction.Sum).forward(logits, tensor([-2f, bins + 5], type));
        loss.backward();

        Assert.Equal(2 * Math.Log(bins), loss.to(ScalarType.Float64).item<double>(), 1e-5);
        Assert.Equal((1.0 / bins) - 1, logits.grad![0, 0].to(ScalarType.Float64).item<double>(), 1e-6);
        Assert.Equal((1.0 / bins) - 1, logits.grad![1, bins - 1].to(ScalarType.Float64).item<double>(), 1e-6);
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Labels(long count) => zeros([count], ScalarType.Int64);
}
