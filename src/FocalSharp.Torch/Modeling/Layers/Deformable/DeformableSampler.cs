using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Deformable;

/// <summary>
/// Samples a channels-last map at the points of a deformable convolution, a tile of output locations at a time: to columns that a matrix product with the weights
/// turns into outputs, and from the columns' gradients back to the map, the offsets and the mask.
/// </summary>
/// <remarks>A column is <c>[groups, kernel points, channels of the group]</c>.</remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class DeformableSampler<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Output locations per work item.
    private const int ChunkRows = 16;

    // A cache line of float32: threads that add to fewer channels would wait for each other's lines.
    private const int MinThreadChannels = 16;

    private readonly DeformableShape _shape;
    private readonly T* _map;
    private readonly T* _offsets;
    private readonly T* _mask;
    private readonly T* _zeros;
    private readonly int _columnLength;
    private readonly int _groupChannels;
    private readonly int _outHeight;
    private readonly int _outWidth;

    /// <summary>Initializes a sampler over tensors, which must outlive it.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="map"><c>[B, H, W, C]</c>.</param>
    /// <param name="offsets"><c>[B, H', W', offset groups · points · 2]</c>, y before x, in pixels.</param>
    /// <param name="mask"><c>[B, H', W', offset groups · points]</c>, or null for 1 everywhere.</param>
    public DeformableSampler(DeformableShape shape, Tensor map, Tensor offsets, Tensor? mask)
    {
        _shape = shape;
        _map = Start(map);
        _offsets = Start(offsets);
        _mask = mask is null ? null : Start(mask);
        _columnLength = shape.Channels * shape.Points;
        _groupChannels = shape.GroupChannels;
        (_outHeight, _outWidth) = shape.Out;
        _zeros = (T*)NativeMemory.AllocZeroed((nuint)shape.Channels, (nuint)sizeof(T));
    }

    /// <summary>Fills a tile's columns, <c>[rows, points · C]</c>.</summary>
    /// <param name="first">First output location of the tile.</param>
    /// <param name="rows">Number of output locations.</param>
    /// <param name="columns">The columns to fill.</param>
    public void FillColumns(int first, int rows, Tensor columns)
    {
        T* to = Start(columns);
        RunChunks(rows, row =>
        {
            Location location = LocationAt(first + row);
            for (int group = 0; group < _shape.OffsetGroups; group++)
            {
                for (int k = 0; k < _shape.Points; k++)
                {
                    FillColumn(Locate(location, group, k), group, k, to + ((long)row * _columnLength));
                }
            }
        });
    }

    /// <summary>
    /// Computes the gradients of a tile's offsets and mask, and adds that of the map.
    /// </summary>
    /// <param name="first">First output location of the tile.</param>
    /// <param name="rows">Number of output locations.</param>
    /// <param name="gradients">The columns' gradients, <c>[rows, points · C]</c>.</param>
    /// <param name="byMap">The gradient to add to, <c>[B, H, W, C]</c>.</param>
    /// <param name="byOffsets">The gradient to fill, of the offsets' shape.</param>
    /// <param name="byMask">The gradient to fill, of the mask's shape, or null.</param>
    public void Backpropagate(int first, int rows, Tensor gradients, Tensor byMap, Tensor byOffsets, Tensor? byMask)
    {
        T* from = Start(gradients);
        T* toOffsets = Start(byOffsets);
        T* toMask = byMask is null ? null : Start(byMask);
        int each = _shape.OffsetGroups * _shape.Points;
        SamplePoint<T>[] points = new SamplePoint<T>[rows * each];
        RunChunks(rows, row =>
        {
            Location location = LocationAt(first + row);
            for (int offset = 0; offset < each; offset++)
            {
                (int group, int k) = Math.DivRem(offset, _shape.Points);
                SamplePoint<T> point = Locate(location, group, k);
                points[(row * each) + offset] = point;
                long at = location.Offsets + offset;
                (T byY, T byX, T byFactor) = Differentiate(point, group, k, from + ((long)row * _columnLength));
                (toOffsets[2 * at], toOffsets[(2 * at) + 1]) = (byY * point.Mask, byX * point.Mask);
                if (toMask != null)
                {
                    toMask[at] = byFactor;
                }
            }
        });

        // Each thread adds to channels of its own, in the order of the locations: sums do not depend on the number of threads.
        T* toMap = Start(byMap);
        int parts = Math.Clamp(get_num_threads(), 1, Math.Max(_shape.Channels / MinThreadChannels, 1));
        OpenMpParallel.Run(parts, part => Scatter(
            points, from, toMap, (int)((long)_shape.Channels * part / parts), (int)((long)_shape.Channels * (part + 1) / parts)));
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_zeros);

    private static T* Start(Tensor tensor)
    {
        fixed (byte* start = &MemoryMarshal.GetReference(tensor.bytes))
        {
            return (T*)start;
        }
    }

    private static void RunChunks(int rows, Action<int> run) => OpenMpParallel.Run((rows + ChunkRows - 1) / ChunkRows, chunk =>
    {
        for (int row = chunk * ChunkRows; row < Math.Min(rows, (chunk + 1) * ChunkRows); row++)
        {
            run(row);
        }
    });

    private Location LocationAt(int index)
    {
        (int image, int place) = Math.DivRem(index, _outHeight * _outWidth);
        (int y, int x) = Math.DivRem(place, _outWidth);
        return new(
            (y * _shape.Stride.Y) - _shape.Padding.Y,
            (x * _shape.Stride.X) - _shape.Padding.X,
            (long)image * _shape.Map.Height * _shape.Map.Width * _shape.Channels,
            (long)index * _shape.OffsetGroups * _shape.Points);
    }

    private SamplePoint<T> Locate(in Location location, int group, int k)
    {
        (int kernelY, int kernelX) = Math.DivRem(k, _shape.Kernel.Width);
        long at = location.Offsets + (group * _shape.Points) + k;
        return SamplePoint<T>.Locate(
            T.CreateTruncating(location.Y + (kernelY * _shape.Dilation.Y)) + _offsets[2 * at],
            T.CreateTruncating(location.X + (kernelX * _shape.Dilation.X)) + _offsets[(2 * at) + 1],
            _mask == null ? T.One : _mask[at],
            location.Image,
            _shape);
    }

    /// <summary>Returns the range of the channels of a group of offsets.</summary>
    private (int First, int End) ChannelsOf(int group)
    {
        int channels = _shape.Channels / _shape.OffsetGroups;
        return (group * channels, (group + 1) * channels);
    }

    /// <summary>Returns the place of a channel in a column, and the number of channels from it on that lie side by side there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Place, int Run) PlaceOf(int channel, int end, int k)
    {
        if (_shape.Groups == 1)
        {
            return ((k * _shape.Channels) + channel, end - channel);
        }

        (int group, int inner) = Math.DivRem(channel, _groupChannels);
        return ((((group * _shape.Points) + k) * _groupChannels) + inner, Math.Min(_groupChannels - inner, end - channel));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillColumn(in SamplePoint<T> point, int group, int k, T* column)
    {
        (int first, int end) = ChannelsOf(group);
        (T top, T left) = ((T.One - point.Y) * point.Mask, T.One - point.X);
        T bottom = point.Y * point.Mask;
        (T wa, T wb, T wc, T wd) = (top * left, top * point.X, bottom * left, bottom * point.X);
        T* a = Pixel(point.TopLeft);
        T* b = Pixel(point.TopRight);
        T* c = Pixel(point.BottomLeft);
        T* d = Pixel(point.BottomRight);
        for (int channel = first, run; channel < end; channel += run)
        {
            (int place, run) = PlaceOf(channel, end, k);
            ChannelVectors<T>.Blend(a + channel, b + channel, c + channel, d + channel, wa, wb, wc, wd, column + place, run);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (T ByY, T ByX, T ByFactor) Differentiate(in SamplePoint<T> point, int group, int k, T* gradients)
    {
        (int first, int end) = ChannelsOf(group);
        T* a = Pixel(point.TopLeft);
        T* b = Pixel(point.TopRight);
        T* c = Pixel(point.BottomLeft);
        T* d = Pixel(point.BottomRight);
        (T sa, T sb, T sc, T sd) = (T.Zero, T.Zero, T.Zero, T.Zero);
        for (int channel = first, run; channel < end; channel += run)
        {
            (int place, run) = PlaceOf(channel, end, k);
            ChannelVectors<T>.Dot(gradients + place, a + channel, b + channel, c + channel, d + channel, run, ref sa, ref sb, ref sc, ref sd);
        }

        (T top, T left) = (T.One - point.Y, T.One - point.X);
        return (
            (left * (sc - sa)) + (point.X * (sd - sb)),
            (top * (sb - sa)) + (point.Y * (sd - sc)),
            (top * ((left * sa) + (point.X * sb))) + (point.Y * ((left * sc) + (point.X * sd))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(SamplePoint<T>[] points, T* gradients, T* map, int firstChannel, int endChannel)
    {
        int each = _shape.OffsetGroups * _shape.Points;
        for (int i = 0; i < points.Length; i++)
        {
            ref SamplePoint<T> point = ref points[i];
            (int row, int offset) = Math.DivRem(i, each);
            (int group, int k) = Math.DivRem(offset, _shape.Points);
            (int first, int end) = ChannelsOf(group);
            (first, end) = (Math.Max(first, firstChannel), Math.Min(end, endChannel));
            (T top, T left) = ((T.One - point.Y) * point.Mask, T.One - point.X);
            T bottom = point.Y * point.Mask;
            for (int channel = first, run; channel < end; channel += run)
            {
                (int place, run) = PlaceOf(channel, end, k);
                T* gradient = gradients + ((long)row * _columnLength) + place;
                Add(gradient, point.TopLeft, top * left, map + channel, run);
                Add(gradient, point.TopRight, top * point.X, map + channel, run);
                Add(gradient, point.BottomLeft, bottom * left, map + channel, run);
                Add(gradient, point.BottomRight, bottom * point.X, map + channel, run);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* gradient, long pixel, T weight, T* map, int count)
    {
        if (pixel >= 0)
        {
            ChannelVectors<T>.Add(gradient, weight, map + pixel, count);
        }
    }

    private T* Pixel(long at) => at < 0 ? _zeros : _map + at;

    /// <summary>An output location: the position of the kernel's first point without its offset, its image, and its offsets.</summary>
    private readonly record struct Location(int Y, int X, long Image, long Offsets);
}
