using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class TensorConversionTests
{
    [Fact]
    public void Every_element_type_survives_the_way_through_Torch_bit_for_bit()
    {
        byte[] bits = [0x00, 0x3c, 0xc0, 0x3f, 0x01, 0x80, 0x7f, 0x3f, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x40];
        foreach (
            ElementType type in Enum.GetValues<ElementType>()
                .Except([ElementType.Bool, ElementType.U16, ElementType.U32, ElementType.U64]))
        {
            StateTensor state = new(type, [2, 8 / ElementTypes.SizeOf(type)], bits);
            using Tensor tensor = TensorConversion.ToTensor(state);

            StateTensor back = TensorConversion.ToState(tensor);

            Assert.Equal(type, back.Type);
            Assert.Equal(state.Shape, back.Shape);
            Assert.Equal(bits, back.Data.ToArray());
            Assert.Equal(state.ToDoubles()[0], tensor.to(float64).data<double>()[0]);
        }
    }

    [Fact]
    public void A_transposed_tensor_is_stored_in_row_major_order()
    {
        using Tensor tensor = arange(6, float32).reshape(2, 3).t();

        StateTensor state = TensorConversion.ToState(tensor);

        Assert.Equal([3L, 2L], state.Shape);
        Assert.Equal([0.0, 3, 1, 4, 2, 5], state.ToDoubles());
    }

    [Fact]
    public void Copying_converts_the_element_type_and_keeps_the_parameter_trainable()
    {
        using Tensor parameter = zeros(2, requires_grad: true);

        TensorConversion.CopyTo(new StateTensor(ElementType.F16, [2], new byte[] { 0x00, 0x3c, 0x00, 0xc0 }), parameter);

        Assert.Equal([1f, -2f], parameter.detach().data<float>().ToArray());
        Assert.True(parameter.requires_grad && parameter.is_leaf);
    }

    [Fact]
    public void Scalars_and_empty_tensors_are_kept()
    {
        using Tensor scalar = TensorConversion.ToTensor(StateTensor.From([7L]));
        using Tensor nothing = TensorConversion.ToTensor(StateTensor.From(ReadOnlySpan<float>.Empty, 0, 3));

        Assert.Equal(7, scalar.item<long>());
        Assert.Equal([0L, 3L], nothing.shape);
        Assert.Equal([0L, 3L], TensorConversion.ToState(nothing).Shape);
        Assert.Empty(TensorConversion.ToState(scalar).Shape);
    }

    [Fact]
    public void A_module_s_state_keeps_its_names_and_order()
    {
        using nn.Module<Tensor, Tensor> module = nn.Sequential(("a", nn.Linear(2, 3)), ("b", nn.BatchNorm1d(3)));

        StateDict state = TensorConversion.ToState(module, new Dictionary<string, string> { ["k"] = "v" });

        Assert.Equal(
            ["a.weight", "a.bias", "b.weight", "b.bias", "b.running_mean", "b.running_var", "b.num_batches_tracked"],
            state.Names.OrderBy(name => name[0]).ThenBy(name => Array.IndexOf(
                ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], name[2..])));
        Assert.Equal([3L, 2L], state["a.weight"].Shape);
        Assert.Equal("v", state.Metadata["k"]);
    }
}
