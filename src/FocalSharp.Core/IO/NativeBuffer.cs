using System.Buffers;
using System.Runtime.InteropServices;

namespace FocalSharp.IO;

/// <summary>
/// Bytes outside the garbage collector's heap, for large blocks with a short life: disposing returns them at once, where the large-object heap holds
/// them until a full collection. Not thread-safe.
/// </summary>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private byte* _bytes;
    private bool _isDisposed;

    /// <summary>Allocates bytes with undefined content.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public NativeBuffer(int length) => Resize(length);

    /// <summary>Gets the number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Changes the length and preserves the content up to it. Spans of the buffer become invalid; its <see cref="Memory{T}"/> does not.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory; the buffer is unchanged.</exception>
    public void Resize(int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _bytes = (byte*)NativeMemory.Realloc(_bytes, (nuint)length);
        Length = length;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new(_bytes, Length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length);
        return new(_bytes + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // The bytes do not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isDisposed)
        {
            NativeMemory.Free(_bytes);
            _bytes = null;
            (Length, _isDisposed) = (0, true);
        }
    }
}
