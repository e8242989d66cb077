using System.Buffers;
using FocalSharp.IO;

namespace FocalSharp.Imaging.Codecs;

/// <summary>
/// Memory for decoding one image. Small buffers are rented; large ones are native memory, because a pool would retain one per thread that
/// ever decoded a large image.
/// </summary>
internal sealed class DecodeBuffer : IDisposable
{
    private const int MaxPooledLength = 8 << 20;

    private readonly int _length;
    private readonly NativeBuffer? _native;
    private byte[]? _rented;

    /// <summary>Allocates memory with undefined content.</summary>
    public DecodeBuffer(int length)
    {
        _length = length;
        if (length <= MaxPooledLength)
        {
            _rented = ArrayPool<byte>.Shared.Rent(length);
        }
        else
        {
            _native = new NativeBuffer(length);
        }
    }

    /// <summary>The memory.</summary>
    public Span<byte> Span => _native is null ? _rented.AsSpan(0, _length) : _native.GetSpan();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }

        ((IDisposable?)_native)?.Dispose();
    }
}
