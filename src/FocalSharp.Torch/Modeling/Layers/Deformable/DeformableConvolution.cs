using System.Numerics;
using FocalSharp.Torch.Losses.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Deformable;

/// <summary>
/// The deformable convolution, version 1 (arXiv 1703.06211) and with a mask version 2 (arXiv 1811.11168), with its gradients: each point of the kernel samples the map
/// bilinearly at an offset of its own. libtorch has no such operator on the CPU.
/// </summary>
/// <remarks>
/// Columns are sampled by managed code and multiplied by libtorch, a tile of output locations at a time, so that memory does not grow with the map. Gradients equal
/// mmcv's, also for points exactly on the border at −1, where they are 0. float32 or float64, on the CPU.
/// </remarks>
internal sealed class DeformableConvolution : autograd.MultiTensorFunction<DeformableConvolution>
{
    // Values of a tile's columns: 4 MB of float32, near the size of the second cache.
    private const int TileValues = 1 << 20;

    // With fewer rows, products of one group would read and write all of their weights, up to 9 MB, for little.
    private const int MinTileRows = 512;

    /// <inheritdoc/>
    public override string Name => nameof(DeformableConvolution);

    /// <summary>Computes <c>[B, C, H, W] → [B, out, H', W']</c>; gradients flow to all tensors.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="map">The map, in any memory layout.</param>
    /// <param name="offsets">
    /// <c>[B, offset groups · points · 2, H', W']</c>: for each point of the kernel, row by row, the offset in y, then in x, in pixels.
    /// </param>
    /// <param name="mask"><c>[B, offset groups · points, H', W']</c>, factors of the samples; null for version 1.</param>
    /// <param name="weight"><c>[out, C / groups, kernel height, kernel width]</c>.</param>
    /// <param name="bias"><c>[out]</c>, or null.</param>
    /// <param name="halfProducts">Whether matrix products are computed in bfloat16.</param>
    public static Tensor Compute(DeformableShape shape, Tensor map, Tensor offsets, Tensor? mask, Tensor weight, Tensor? bias, bool halfProducts = false)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor columnsFirst = weight.view(shape.Groups, shape.OutChannels / shape.Groups, shape.GroupChannels, shape.Points).transpose(2, 3).flatten(2).contiguous();
        List<object> variables = [new Settings(shape, mask is not null, halfProducts), Rows(map), Rows(offsets), columnsFirst];
        if (mask is not null)
        {
            variables.Add(Rows(mask));
        }

        Tensor output = apply([.. variables])[0];
        output = bias is null ? output : output + bias;
        return scope.MoveToOuter(output.permute(0, 3, 1, 2));

        static Tensor Rows(Tensor map) => map.permute(0, 2, 3, 1).contiguous();
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Settings settings = (Settings)vars[0];
        (Tensor map, Tensor offsets, Tensor weight) = ((Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        Tensor? mask = settings.HasMask ? (Tensor)vars[4] : null;
        Tensor output = map.dtype == ScalarType.Float32
            ? Forward<float>(settings, map, offsets, mask, weight)
            : Forward<double>(settings, map, offsets, mask, weight);
        ctx.save_for_backward([map, offsets, weight, .. mask is null ? Array.Empty<Tensor>() : [mask]]);
        ctx.save_data(nameof(Settings), settings);
        return [output];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        Settings settings = (Settings)ctx.get_data(nameof(Settings));
        return
        [
            null!, .. FusedGradient.Compute(ctx, grad_outputs, (saved, above) =>
            {
                using Tensor upstream = above[0].contiguous();
                Tensor? mask = settings.HasMask ? saved[3] : null;
                return saved[0].dtype == ScalarType.Float32
                    ? Backward<float>(settings, saved[0], saved[1], mask, saved[2], upstream)
                    : Backward<double>(settings, saved[0], saved[1], mask, saved[2], upstream);
            }),
        ];
    }

    private static Tensor Forward<T>(Settings settings, Tensor map, Tensor offsets, Tensor? mask, Tensor weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeformableShape shape = settings.Shape;
        Tensor output = empty([shape.Batch, shape.Out.Height, shape.Out.Width, shape.OutChannels], map.dtype);
        using DisposeScope scope = NewDisposeScope();
        using DeformableSampler<T> sampler = new(shape, map, offsets, mask);
        Tensor columns = empty([TileRows(shape), shape.Points * shape.Channels], map.dtype);
        Tensor factor = settings.ToFactor(weight.transpose(1, 2));
        Tensor rows = output.view(-1, shape.Groups, shape.OutChannels / shape.Groups);
        for (int first = 0, count; first < shape.Rows; first += count)
        {
            using DisposeScope tile = NewDisposeScope();
            count = Math.Min(TileRows(shape), shape.Rows - first);
            sampler.FillColumns(first, count, columns);
            Multiply(settings, rows.narrow(0, first, count), settings.ToFactor(ByGroup(shape, columns.narrow(0, 0, count))), factor);
        }

        return output;
    }

    private static List<Tensor> Backward<T>(Settings settings, Tensor map, Tensor offsets, Tensor? mask, Tensor weight, Tensor upstream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeformableShape shape = settings.Shape;
        Tensor byMap = zeros_like(map);
        Tensor byOffsets = empty_like(offsets);
        Tensor byWeight = zeros_like(weight);
        Tensor? byMask = mask is null ? null : empty_like(mask);
        using DisposeScope scope = NewDisposeScope();
        using DeformableSampler<T> sampler = new(shape, map, offsets, mask);
        Tensor columns = empty([TileRows(shape), shape.Points * shape.Channels], map.dtype);
        Tensor factor = settings.ToFactor(weight);
        Tensor rows = upstream.view(-1, shape.Groups, shape.OutChannels / shape.Groups);
        for (int first = 0, count; first < shape.Rows; first += count)
        {
            using DisposeScope tile = NewDisposeScope();
            count = Math.Min(TileRows(shape), shape.Rows - first);
            Tensor part = columns.narrow(0, 0, count);
            Tensor above = settings.ToFactor(rows.narrow(0, first, count).transpose(0, 1));
            sampler.FillColumns(first, count, columns);
            AddProduct(settings, byWeight, above.transpose(1, 2), settings.ToFactor(ByGroup(shape, part)));
            Multiply(settings, part.view(count, shape.Groups, -1), above, factor);
            sampler.Backpropagate(first, count, columns, byMap, byOffsets, byMask);
        }

        return [byMap, byOffsets, byWeight, .. byMask is null ? Array.Empty<Tensor>() : [byMask]];
    }

    private static int TileRows(DeformableShape shape) => Math.Clamp(
        Math.Max(TileValues / (shape.Points * shape.Channels), shape.Groups == 1 ? MinTileRows : 1), 1, Math.Max(shape.Rows, 1));

    /// <summary>Returns columns as <c>[groups, rows, points · channels of the group]</c>.</summary>
    private static Tensor ByGroup(DeformableShape shape, Tensor columns) => columns.view(columns.size(0), shape.Groups, -1).transpose(0, 1);

    /// <summary>Stores the product of <c>[groups, n, k]</c> and <c>[groups, k, m]</c> in <c>[n, groups, m]</c>.</summary>
    private static void Multiply(Settings settings, Tensor into, Tensor a, Tensor b)
    {
        if (settings.Shape.Groups == 1 && !settings.HalfProducts)
        {
            into.squeeze(1).addmm_(a[0], b[0], beta: 0, alpha: 1);
            return;
        }

        into.copy_(a.matmul(b).transpose(0, 1));
    }

    /// <summary>Adds the product of <c>[groups, n, k]</c> and <c>[groups, k, m]</c> to <c>[groups, n, m]</c>.</summary>
    private static void AddProduct(Settings settings, Tensor into, Tensor a, Tensor b)
    {
        if (settings.Shape.Groups == 1 && !settings.HalfProducts)
        {
            into[0].addmm_(a[0], b[0], beta: 1, alpha: 1);
            return;
        }

        into.add_(a.matmul(b));
    }

    /// <summary>What the function depends on besides the tensors.</summary>
    private sealed record Settings(DeformableShape Shape, bool HasMask, bool HalfProducts)
    {
        /// <summary>Converts a factor of a product to its type.</summary>
        public Tensor ToFactor(Tensor tensor) => HalfProducts ? tensor.to(ScalarType.BFloat16) : tensor;
    }
}
