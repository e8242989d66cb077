using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.References;

/// <summary>A 3x3 deformable convolution composed of libtorch's operators: <c>grid_sample</c> at each point of the kernel, and a matrix product.</summary>
internal static class ComposedDeformableConvolution
{
    /// <summary>Computes <c>[B, C, H, W] → [B, out, H', W']</c>, padded by 1.</summary>
    /// <param name="map">The map.</param>
    /// <param name="offsets"><c>[B, 18, H', W']</c>, y before x, in pixels.</param>
    /// <param name="mask"><c>[B, 9, H', W']</c>.</param>
    /// <param name="weight"><c>[out, C / groups, 3, 3]</c>.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="groups">Number of groups.</param>
    public static Tensor Compute(Tensor map, Tensor offsets, Tensor mask, Tensor weight, int stride, int groups)
    {
        (long height, long width) = (map.size(2), map.size(3));
        (long outHeight, long outWidth) = (offsets.size(2), offsets.size(3));
        Tensor y = (arange(outHeight, ScalarType.Float32) * stride).view(1, -1, 1);
        Tensor x = (arange(outWidth, ScalarType.Float32) * stride).view(1, 1, -1);
        Tensor? output = null;
        for (int k = 0; k < 9; k++)
        {
            // Pixel centers of grid_sample without aligned corners: −1 + (2 · position + 1) / size.
            Tensor atY = (((y + (k / 3) - 1 + offsets.select(1, 2 * k)) * 2) + 1) / height - 1;
            Tensor atX = (((x + (k % 3) - 1 + offsets.select(1, (2 * k) + 1)) * 2) + 1) / width - 1;
            Tensor sampled = nn.functional.grid_sample(
                map, stack([atX, atY], 3), align_corners: false) * mask.narrow(1, k, 1);
            Tensor part = nn.functional.conv2d(sampled, weight.narrow(2, k / 3, 1).narrow(3, k % 3, 1).contiguous(), null!, [1L, 1L], [0L, 0L], groups: groups);
            output = output is null ? part : output + part;
        }

        return output!;
    }
}
