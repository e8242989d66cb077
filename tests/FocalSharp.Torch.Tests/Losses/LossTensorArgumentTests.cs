using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses;

/// <summary>Every loss refuses tensors that are disposed, complex or on another device, and NaN where values are checked.</summary>
[Collection("Value checks")]
public sealed class LossTensorArgumentTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    private static readonly Dictionary<string, Loss> All = new()
    {
        ["quality, labels"] = new((p, t, w) => new QualityFocalLoss().forward(p, t, zeros(4), w), 3, () => zeros([4], ScalarType.Int64), "prediction", "label", Own: 1),
        ["quality, qualities"] = new((p, t, w) => new QualityFocalLoss().forward(p, zeros([4], ScalarType.Int64), t, w), 3, () => zeros(4), "prediction", "quality", Own: 1),
        ["quality, dense"] = new((p, t, w) => new QualityFocalLoss().ForwardDense(p, t, w), 3, () => zeros(4, 3), "prediction", "target"),
        ["distribution"] = new((p, t, w) => new DistributionFocalLoss().forward(p, t, w), 8, () => zeros(4), "prediction", "target"),
        ["generalized"] = new((p, t, w) => new GeneralizedFocalLoss().forward(p, t, zeros(4), ones(4), w), 2, () => zeros(4), "logProbabilities", "target", Own: 2),
        ["focal"] = new((p, t, w) => new FocalLoss().forward(p, t, w), 3, () => zeros(4, 3), "prediction", "target"),
        ["focal, labels"] = new((p, t, w) => new FocalLoss().forward(p, t, w), 3, () => zeros([4], ScalarType.Int64), "prediction", "target"),
        ["varifocal"] = new((p, t, w) => new VarifocalLoss().forward(p, t, w?.unsqueeze(1)), 3, () => zeros(4, 3), "prediction", "target", Own: 1),
        ["distillation"] = new((p, t, w) => new LocalizationDistillationLoss().forward(p, t, w), 8, () => zeros(4, 8), "student", "teacher"),
        ["iou"] = new((p, t, w) => new IouLoss().forward(p, t, w), 4, () => zeros(4, 4), "prediction", "target"),
        ["giou"] = new((p, t, w) => new GiouLoss().forward(p, t, w), 4, () => zeros(4, 4), "prediction", "target"),
        ["diou"] = new((p, t, w) => new DiouLoss().forward(p, t, w), 4, () => zeros(4, 4), "prediction", "target"),
        ["ciou"] = new((p, t, w) => new CiouLoss().forward(p, t, w), 4, () => zeros(4, 4), "prediction", "target"),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Disposed_tensors_are_named(string name)
    {
        Loss loss = All[name];

        AssertNamed(loss.PredictionName, "was disposed", () => loss.Run(Disposed(loss.Prediction), loss.Target(), null));
        AssertNamed(loss.TargetName, "was disposed", () => loss.Run(loss.Prediction, Disposed(loss.Target()), null));
        if (name != "varifocal")
        {
            AssertNamed("weight", "was disposed", () => loss.Run(loss.Prediction, loss.Target(), Disposed(ones(4))));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Complex_numbers_are_named(string name)
    {
        Loss loss = All[name];

        AssertNamed(loss.PredictionName, "floating-point numbers, but is of type ComplexFloat32", () => loss.Run(loss.Prediction.to(ScalarType.ComplexFloat32), loss.Target(), null));
        AssertNamed(loss.TargetName, "of type ComplexFloat32", () => loss.Run(loss.Prediction, loss.Target().to(ScalarType.ComplexFloat32), null));
        AssertNamed("weight", "real numbers, but is of type ComplexFloat32", () => loss.Run(loss.Prediction, loss.Target(), ones([4], ScalarType.ComplexFloat32)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tensors_on_another_device_are_named(string name)
    {
        Loss loss = All[name];

        AssertNamed(loss.TargetName, "must be on the device cpu, as the prediction, but is on meta", () => loss.Run(loss.Prediction, loss.Target().to(META), null));
        AssertNamed("weight", "must be on the device cpu", () => loss.Run(loss.Prediction, loss.Target(), ones(4).to(META)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_that_are_not_numbers_are_named_where_values_are_checked(string name)
    {
        Loss loss = All[name];
        AppContext.SetSwitch(ValueChecks.Switch, true);
        try
        {
            AssertNamed(loss.PredictionName, "", () => loss.Run(loss.Prediction + float.NaN, loss.Target(), null));
            AssertNamed("weight", "must be finite, but 1 of its 4 values are not", () => loss.Run(loss.Prediction, loss.Target(), tensor([1, float.PositiveInfinity, 1, 1])));
            if (is_floating_point(loss.Target()))
            {
                AssertNamed(loss.TargetName, "", () => loss.Run(loss.Prediction, loss.Target() + float.NaN, null));
            }
        }
        finally
        {
            AppContext.SetSwitch(ValueChecks.Switch, false);
        }
    }

    // Outside of a scope, value checks leave no tensor to the finalizer either.
    [Theory]
    [MemberData(nameof(Names))]
    public void Value_checks_dispose_their_tensors(string name)
    {
        Loss loss = All[name];
        AppContext.SetSwitch(ValueChecks.Switch, true);
        try
        {
            (Tensor prediction, Tensor target, Tensor weight) = (loss.Prediction, loss.Target(), ones(4));
            using DisposeScope scope = NewDisposeScope();
            using Tensor result = loss.Run(prediction, target, weight);

            Assert.Equal(1 + loss.Own, scope.DisposablesCount);
        }
        finally
        {
            AppContext.SetSwitch(ValueChecks.Switch, false);
        }
    }

    public void Dispose() => _scope.Dispose();

    private static void AssertNamed(string parameter, string part, Func<Tensor> run)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => run());

        Assert.Equal(parameter, error.ParamName);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static Tensor Disposed(Tensor tensor)
    {
        tensor.Dispose();
        return tensor;
    }

    // Own: the tensors that Run itself creates.
    private sealed record Loss(Func<Tensor, Tensor, Tensor?, Tensor> Run, long Columns, Func<Tensor> Target, string PredictionName, string TargetName, int Own = 0)
    {
        // Valid for every loss, as logarithms of probabilities too.
        public Tensor Prediction => zeros(4, Columns);
    }
}
