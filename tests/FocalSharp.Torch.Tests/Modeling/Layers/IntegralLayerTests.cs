using FocalSharp.Torch.Modeling.Layers;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Layers;

public sealed class IntegralLayerTests
{
    [Fact]
    public void Uniform_logits_lie_in_the_middle_and_a_sure_bin_on_itself()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IntegralLayer integral = new(regMax: 16);
        Tensor logits = zeros(2, 4 * 17);
        logits[1, (2 * 17) + 5] = 100;
        Tensor distances = integral.call(logits);
        Assert.Equal([2L, 4L], distances.shape);
        Assert.Equal(8, distances[0, 0].item<float>(), 1e-5);
        Assert.Equal(5, distances[1, 2].item<float>(), 1e-5);
        Assert.Equal(8, distances[1, 3].item<float>(), 1e-5);
    }
}
