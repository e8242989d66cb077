using static TorchSharp.torch;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// An identity in the forward pass that calls a delegate when the backward pass reaches it. TorchSharp 0.107 has no hooks on gradients, but an own
/// function may run managed code. The engine runs the latest of the nodes that are ready, and those that store a parameter's gradient first: once it
/// reaches this node, everything that was computed from the result is done, with its parameters' gradients.
/// </summary>
internal sealed class BackwardCallback : autograd.SingleTensorFunction<BackwardCallback>
{
    private const string Saved = nameof(Saved);

    /// <inheritdoc/>
    public override string Name => nameof(BackwardCallback);

    /// <summary>Returns the tensor, without a copy.</summary>
    /// <param name="input">A tensor that requires a gradient.</param>
    /// <param name="reached">Called by the thread of the backward pass; it must not throw.</param>
    public static Tensor Insert(Tensor input, Action reached) => apply([input, reached]);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Saved, vars[1]);
        return ((Tensor)vars[0]).detach(); // not alias: autograd refuses operators in place on a view that a function returns
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ((Action)ctx.get_data(Saved))();
        return [grad_output.alias(), null!];
    }
}
