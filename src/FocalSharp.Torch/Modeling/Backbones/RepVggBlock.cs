using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// RepVGG's block: in training the sum of a 3x3 convolution, a 1x1 convolution and, without stride and with as many outputs as inputs,
/// the input itself, each with its batch norm, and ReLU. All of it is linear before ReLU, so inference and export compute one 3x3
/// convolution with bias (<see cref="Reparameterize"/>), which is the only layer of the deploy form.
/// </summary>
internal sealed class RepVggBlock : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>, IReparameterized
{
    private const int Kernel = 3;

    private readonly int _groups;
    private readonly ConvLayer _conv;
    private readonly Branches? _branches;

    /// <summary>Creates the block with random weights.</summary>
    /// <param name="inChannels">Number of input channels.</param>
    /// <param name="outChannels">Number of output channels.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="groups">Number of groups of both convolutions.</param>
    /// <param name="deploy">Whether the block is one convolution.</param>
    /// <param name="generator">Source of the random weights.</param>
    public RepVggBlock(int inChannels, int outChannels, int stride, int groups, bool deploy, Generator generator)
        : base(nameof(RepVggBlock))
    {
        _groups = groups;
        _conv = new ConvLayer(inChannels, outChannels, Kernel, stride, bias: deploy, groups);
        Initialization.KaimingNormal(_conv.Weight, generator);
        if (deploy)
        {
            register_module("rbr_reparam", _conv);
            return;
        }

        ConvLayer pointwise = new(inChannels, outChannels, 1, stride, bias: false, groups);
        Initialization.KaimingNormal(pointwise.Weight, generator);
        _branches = new Branches(
            nn.BatchNorm2d(outChannels), pointwise, nn.BatchNorm2d(outChannels), stride == 1 && inChannels == outChannels ? nn.BatchNorm2d(inChannels) : null);
        if (_branches.Identity is not null)
        {
            register_module("rbr_identity", _branches.Identity);
        }

        register_module("rbr_dense", new ModuleGroup(("0", _conv), ("1", _branches.Norm)));
        register_module("rbr_1x1", new ModuleGroup(("0", pointwise), ("1", _branches.PointwiseNorm)));
    }

    bool IReparameterized.CanFold => _branches is not null && !_conv.IsFolded && _branches.Norms.All(norm => !norm.training);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        if (_branches is null || (_conv.IsFolded && !training))
        {
            return scope.MoveToOuter(NormRelu.Run(_conv, norm: null, input));
        }

        Tensor? identity = _branches.Identity is null ? null : NormRelu.Run(_branches.Identity, input);
        Tensor pointwise = NormRelu.Run(_branches.Pointwise, _branches.PointwiseNorm, input, identity, ActivationKind.None);
        return scope.MoveToOuter(NormRelu.Run(_conv, _branches.Norm, input, pointwise));
    }

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        if (_branches is null)
        {
            return graph.Relu(graph.Emit<OnnxValue, OnnxValue>(_conv, input));
        }

        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor bias) = Reparameterize();
        FoldedConv folded = new(OnnxGraph.ReadValues(weight), OnnxGraph.ReadValues(bias), weight.shape);
        return graph.Relu(_conv.Emit(graph, input, folded, $"{graph.PathOf(this)}.rbr_reparam"));
    }

    void IReparameterized.Fold()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor bias) = Reparameterize();
        _conv.SetFolded(weight, bias);
    }

    void IReparameterized.Unfold() => _conv.Unfold();

    /// <summary>
    /// Returns the weights and the bias of the one convolution that the block computes with the norms' running statistics. Per branch,
    /// <c>γ·(w∗x − μ)/σ + β</c> is a convolution; the 1x1 kernel is the middle of a 3x3 kernel, the identity a 1 in the middle of each
    /// channel's own kernel, and the sum of convolutions is the convolution by the sum. Computed in float64, so that one rounding remains.
    /// </summary>
    internal (Tensor Weight, Tensor Bias) Reparameterize()
    {
        if (_branches is null)
        {
            return (_conv.Weight.detach().clone(), _conv.Bias!.detach().clone());
        }

        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (Tensor factor, Tensor bias) = GetAffine(_branches.Norm);
        Tensor weight = _conv.Weight.to(float64) * factor.view(-1, 1, 1, 1);
        Tensor center = weight.narrow(2, Kernel / 2, 1).narrow(3, Kernel / 2, 1);
        (factor, Tensor shift) = GetAffine(_branches.PointwiseNorm);
        center.add_(_branches.Pointwise.Weight.to(float64) * factor.view(-1, 1, 1, 1));
        bias = bias + shift;
        if (_branches.Identity is not null)
        {
            (factor, shift) = GetAffine(_branches.Identity);
            long perGroup = weight.size(1);
            Tensor own = eye(perGroup, dtype: float64, device: weight.device).repeat(_groups, 1); // row i has a 1 at i modulo the group's channels
            center.add_((own * factor.view(-1, 1)).view(-1, perGroup, 1, 1));
            bias = bias + shift;
        }

        return scope.MoveToOuter(weight.to(_conv.Weight.dtype), bias.to(_conv.Weight.dtype));
    }

    /// <summary>Returns a norm in evaluation mode as x · factor + shift, in float64.</summary>
    private static (Tensor Factor, Tensor Shift) GetAffine(BatchNorm2d norm)
    {
        Tensor factor = norm.weight!.to(float64) / (norm.running_var!.to(float64) + norm.eps).sqrt();
        return (factor, norm.bias!.to(float64) - (norm.running_mean!.to(float64) * factor));
    }

    /// <summary>What only the training form has.</summary>
    /// <param name="Norm">Norm of the 3x3 convolution.</param>
    /// <param name="Pointwise">The 1x1 convolution.</param>
    /// <param name="PointwiseNorm">Norm of the 1x1 convolution.</param>
    /// <param name="Identity">Norm of the input, or null.</param>
    private sealed record Branches(BatchNorm2d Norm, ConvLayer Pointwise, BatchNorm2d PointwiseNorm, BatchNorm2d? Identity)
    {
        public IEnumerable<BatchNorm2d> Norms => Identity is null ? [Norm, PointwiseNorm] : [Norm, PointwiseNorm, Identity];
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
